# The version that `--version` prints: the project's version and the commit it was built from. Git is told to trust
# a checkout of another account, and each commit or checkout configures again, so that the commit stays true.
set(git git -c safe.directory=* -C ${PROJECT_SOURCE_DIR})
execute_process(COMMAND ${git} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE VDS_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(VDS_COMMIT)
  execute_process(COMMAND ${git} rev-parse --path-format=absolute --git-path logs/HEAD
    OUTPUT_VARIABLE reflog OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(EXISTS ${reflog})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${reflog})
  endif()
else()
  set(VDS_COMMIT unknown)
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/version.hpp.in ${PROJECT_BINARY_DIR}/generated/base/version.hpp)
add_library(vds_version INTERFACE)
target_include_directories(vds_version INTERFACE ${PROJECT_BINARY_DIR}/generated)
