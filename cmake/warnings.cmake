# Compiler options common to every target. Warnings are errors: both g++ 12 and clang 14 build clean.
add_library(vds_options INTERFACE)
target_compile_options(vds_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual
  -Woverloaded-virtual -Wformat=2 -Wundef -Werror -fno-omit-frame-pointer
  -fstack-protector-strong)
if(CMAKE_BUILD_TYPE MATCHES "Rel")
  target_compile_definitions(vds_options INTERFACE _FORTIFY_SOURCE=2)
endif()
target_link_options(vds_options INTERFACE -Wl,-z,relro,-z,now)
if(VDS_SANITIZE)
  target_compile_options(vds_options INTERFACE -fsanitize=${VDS_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(vds_options INTERFACE -fsanitize=${VDS_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
    # clang 14 cannot assemble coroutines with it ("Cannot represent a difference across sections").
    target_compile_options(vds_options INTERFACE -fno-sanitize=function)
  elseif(VDS_SANITIZE MATCHES thread)
    # g++ warns of each fence of Boost.Asio's, which the sanitizer cannot follow; what they guard has locks as well.
    target_compile_options(vds_options INTERFACE -Wno-tsan)
  endif()
endif()
if(VDS_FUZZ)
  target_compile_options(vds_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
