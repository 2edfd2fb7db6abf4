# The migrations travel inside the program: a generated source file holds the text of migrations/*.sql.
file(GLOB VDS_MIGRATIONS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/migrations/*.sql)
set(VDS_MIGRATIONS_CPP ${PROJECT_BINARY_DIR}/generated/pg/built_in_migrations.cpp)
add_custom_command(
  OUTPUT ${VDS_MIGRATIONS_CPP}
  COMMAND ${CMAKE_COMMAND} -DMIGRATIONS_DIR=${PROJECT_SOURCE_DIR}/migrations -DOUTPUT=${VDS_MIGRATIONS_CPP}
          -P ${PROJECT_SOURCE_DIR}/cmake/embed_migrations.cmake
  DEPENDS ${VDS_MIGRATIONS} ${PROJECT_SOURCE_DIR}/cmake/embed_migrations.cmake
  COMMENT "Embedding the migrations"
  VERBATIM)
