# The version that `--version` prints: the project's version and the commit it was built from, with a + where files
# were changed since. Each build looks, so that it stays true; the header is written anew only where it differs.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(generated ${PROJECT_BINARY_DIR}/generated)
  add_custom_target(vds_version_header
    COMMAND ${CMAKE_COMMAND} -D SOURCE=${PROJECT_SOURCE_DIR} -D GENERATED=${generated}
      -D PROJECT_VERSION=${PROJECT_VERSION} -P ${CMAKE_CURRENT_LIST_FILE}
    BYPRODUCTS ${generated}/base/version.hpp
    COMMENT "Looking at the version"
    VERBATIM)
  add_library(vds_version INTERFACE)
  add_dependencies(vds_version vds_version_header)
  target_include_directories(vds_version INTERFACE ${generated})
  return()
endif()

# Git is told to trust a checkout of another account.
set(git git -c safe.directory=* -C ${SOURCE})
execute_process(COMMAND ${git} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE VDS_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(VDS_COMMIT)
  execute_process(COMMAND ${git} diff --quiet HEAD RESULT_VARIABLE changed)
  if(changed)
    string(APPEND VDS_COMMIT +)
  endif()
else()
  set(VDS_COMMIT unknown)
endif()
configure_file(${SOURCE}/cmake/version.hpp.in ${GENERATED}/base/version.hpp)
