# The version that `--version` prints: the project's version and the commit it was built from.
execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE VDS_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT VDS_COMMIT)
  set(VDS_COMMIT unknown)
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/version.hpp.in ${PROJECT_BINARY_DIR}/generated/base/version.hpp)
add_library(vds_version INTERFACE)
target_include_directories(vds_version INTERFACE ${PROJECT_BINARY_DIR}/generated)
