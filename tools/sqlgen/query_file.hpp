// The annotated SQL of sql/*.sql, in the form that sqlc reads too (https://docs.sqlc.dev):
//
//   -- name: GetVulnerability :one
//   -- One vulnerability by its public id.            what the generated function's comment says
//   -- notnull: total                                 columns that the server cannot know to be present
//   -- nullable: uid                                  columns that may be null though the catalog says no
//   -- streamed                                       a :many without parameters whose rows go to a callback
//   SELECT uid, document FROM vulnerabilities WHERE id = @id;
//
// Parameters are @name or sqlc.arg(name), sqlc.narg(name) where null may be passed, or $1, $2, ...
// Commands are :one, :many, :exec, :execrows and :copyfrom (an INSERT of plain parameters).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace sqlgen {

/// Something wrong in a file: "sql/file.sql:12: what". Several are joined by line feeds.
class SourceError : public base::Error {
 public:
  using Error::Error;
  SourceError(std::string_view file, int line, const std::string& what)
      : Error(std::string(file) + ":" + std::to_string(line) + ": " + what) {}
};

enum class Command { one, many, exec, execrows, copyfrom };

struct Parameter {
  std::string name;
  bool nullable = false;
};

/// The columns that an annotation names, and where it stands.
struct ColumnNames {
  std::vector<std::string> names;
  int line = 0;
};

struct Query {
  std::string name;  // as written: GetVulnerability
  Command command = Command::exec;
  int line = 0;  // of "-- name:"
  std::vector<std::string> comment;
  ColumnNames notnull;
  ColumnNames nullable;
  bool streamed = false;
  std::string sql;   // with every parameter as $n, comments and the final semicolon removed, lines kept
  int sql_line = 0;  // the line that `sql` begins on
  std::vector<Parameter> parameters;
};

struct QueryFile {
  std::string path;  // for messages: "sql/vulnerabilities.sql"
  std::vector<Query> queries;
};

/// Reads one file. Throws SourceError for the first thing that is wrong with its form.
QueryFile parse_query_file(const std::string& path, std::string_view text);

/// The keywords, upper case, and punctuation of `sql`, without strings, quoted names, comments and numbers.
std::vector<std::string> keywords(std::string_view sql);

}  // namespace sqlgen
