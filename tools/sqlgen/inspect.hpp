// What the server says about each query, and what that makes of it in C++.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pg/connection.hpp"
#include "query_file.hpp"

namespace sqlgen {

/// How a PostgreSQL type is spelled in the generated code. Empty: not usable in that place.
struct CppType {
  std::string_view column;     // as a member of a row that was read
  std::string_view parameter;  // as a function's parameter
  std::string_view copied;     // as a member of a row to be copied
  std::string_view add;        // the function of pg::RowBuffer for that
  std::string_view streamed;   // as a member of a row that is valid during a callback only
};

/// A column, parameter or field of the generated code.
struct TypedName {
  std::string name;  // a C++ identifier
  CppType type;
  bool nullable = false;
};

/// Where a `:copyfrom` query writes.
struct CopyTarget {
  std::string table;
  std::vector<std::string> columns;
};

struct TypedQuery {
  Query query;
  std::vector<TypedName> parameters;  // of :copyfrom: the fields
  std::vector<TypedName> columns;
  CopyTarget copy;
};

struct TypedFile {
  std::string path;
  std::vector<TypedQuery> queries;
};

/// Asks the server behind `connection`, whose search_path has the migrated schema, about every query. Throws
/// SourceError with everything that is wrong, one line each.
std::vector<TypedFile> inspect(pg::Connection& connection, const std::vector<QueryFile>& files);

/// The C++ spelling of a built-in type or enum, or nothing for a type that generated code does not know.
std::optional<CppType> cpp_type(pg::Oid type, bool is_enum);

}  // namespace sqlgen
