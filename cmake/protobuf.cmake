# The messages of the job queue: protoc writes their C++ at build time. Generated code is not held to our warnings.
find_program(PROTOC protoc REQUIRED)
pkg_check_modules(PROTOBUF REQUIRED IMPORTED_TARGET protobuf-lite)
set(VDS_PROTO_DIR ${PROJECT_BINARY_DIR}/generated/proto)
file(MAKE_DIRECTORY ${VDS_PROTO_DIR})
add_custom_command(
  OUTPUT ${VDS_PROTO_DIR}/asynq.pb.cc ${VDS_PROTO_DIR}/asynq.pb.h
  COMMAND ${PROTOC} --proto_path=${PROJECT_SOURCE_DIR}/src/jobs/proto --cpp_out=${VDS_PROTO_DIR} asynq.proto
  DEPENDS ${PROJECT_SOURCE_DIR}/src/jobs/proto/asynq.proto
  VERBATIM)
add_library(vds_proto STATIC ${VDS_PROTO_DIR}/asynq.pb.cc ${VDS_PROTO_DIR}/asynq.pb.h)
target_include_directories(vds_proto SYSTEM PUBLIC ${VDS_PROTO_DIR})
target_link_libraries(vds_proto PUBLIC PkgConfig::PROTOBUF)
target_compile_options(vds_proto PRIVATE -w)
