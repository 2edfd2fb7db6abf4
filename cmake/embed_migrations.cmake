# cmake -DMIGRATIONS_DIR=... -DOUTPUT=... -P embed_migrations.cmake
# Writes the definition of pg::built_in_migrations() from NUMBER_NAME.up.sql / .down.sql pairs.
file(GLOB ups ${MIGRATIONS_DIR}/*.up.sql)
file(GLOB downs ${MIGRATIONS_DIR}/*.down.sql)
list(SORT ups)

set(entries "")
set(last 0)
foreach(up IN LISTS ups)
  get_filename_component(file ${up} NAME)
  if(NOT file MATCHES "^([0-9][0-9][0-9][0-9][0-9][0-9])_([a-z0-9_]+)\\.up\\.sql$")
    message(FATAL_ERROR "migrations/${file}: the name must be six digits, '_', a name in lower case, '.up.sql'")
  endif()
  set(digits ${CMAKE_MATCH_1})
  set(name ${CMAKE_MATCH_2})
  string(REGEX REPLACE "^0+" "" version ${digits})
  math(EXPR expected "${last} + 1")
  if(NOT version EQUAL expected)
    message(FATAL_ERROR "migrations/${file}: number ${expected} is expected here")
  endif()
  set(last ${version})
  set(down ${MIGRATIONS_DIR}/${digits}_${name}.down.sql)
  if(NOT EXISTS ${down})
    message(FATAL_ERROR "migrations/${file} has no ${digits}_${name}.down.sql")
  endif()
  list(REMOVE_ITEM downs ${down})
  file(READ ${up} up_sql)
  file(READ ${down} down_sql)
  string(APPEND entries "    {${version}, \"${name}\",\n     R\"vds~(${up_sql})vds~\",\n     R\"vds~(${down_sql})vds~\"},\n")
endforeach()
if(downs)
  message(FATAL_ERROR "these have no .up.sql: ${downs}")
endif()

file(WRITE ${OUTPUT} "// Written by cmake/embed_migrations.cmake from migrations/*.sql.
#include <array>

#include \"pg/migrations.hpp\"

namespace pg {
namespace {

constexpr std::array<Migration, ${last}> migrations{{
${entries}}};

}  // namespace

std::span<const Migration> built_in_migrations() { return migrations; }

}  // namespace pg
")
