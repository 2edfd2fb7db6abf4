// What the server says about a statement before it runs: the types of its parameters and columns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pg/connection.hpp"

namespace pg {

struct ColumnDescription {
  std::string name;
  Oid type = oid::unknown;
  Oid table =
      oid::unknown;      // the table or view that the column comes from unchanged; unknown for expressions
  int table_column = 0;  // its number there (pg_attribute.attnum)
};

struct StatementDescription {
  std::vector<Oid> parameters;  // of $1, $2, ... as the server inferred them
  std::vector<ColumnDescription> columns;
};

/// Lets the server parse and analyse one statement, and does not run it. Throws Error, with the position
/// where the server found something wrong.
StatementDescription describe(Connection& connection, std::string_view sql);

}  // namespace pg
