# The libraries the program is built on; ARCHITECTURE.md says why each was chosen. All are Debian 12 packages.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(OpenSSL REQUIRED)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(SIMDJSON REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl>=7.85)
pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)

add_library(vds_dependencies INTERFACE)
target_link_libraries(vds_dependencies INTERFACE
  Threads::Threads fmt::fmt spdlog::spdlog OpenSSL::Crypto OpenSSL::SSL
  PkgConfig::LIBPQ PkgConfig::ZSTD PkgConfig::DEFLATE PkgConfig::ZLIB PkgConfig::YAML PkgConfig::SIMDJSON
  PkgConfig::XXHASH PkgConfig::CURL PkgConfig::HIREDIS)
