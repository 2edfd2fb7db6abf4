#include "inspect.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <set>

#include "base/format.hpp"
#include "pg/describe.hpp"

namespace sqlgen {
namespace {

constexpr std::string_view supported =
    "boolean, int2, int4, int8, float8, text, enums, bytea, json, jsonb, numeric, timestamptz, date, text[], "
    "bytea[], "
    "int4[] and int8[]";

/// A name as a C++ identifier; the same but for the language's keywords.
std::string identifier(const std::string& name) {
  static const std::set<std::string>
      reserved = {"and",       "auto",     "bool",      "break",    "case",     "catch",
                  "char",      "class",    "concept",   "const",    "continue", "default",
                  "delete",    "do",       "double",    "else",     "enum",     "explicit",
                  "export",    "extern",   "false",     "float",    "for",      "friend",
                  "goto",      "if",       "inline",    "int",      "long",     "mutable",
                  "namespace", "new",      "not",       "operator", "or",       "private",
                  "protected", "public",   "register",  "requires", "return",   "short",
                  "signed",    "sizeof",   "static",    "struct",   "switch",   "template",
                  "this",      "throw",    "true",      "try",      "typedef",  "typename",
                  "union",     "unsigned", "using",     "virtual",  "void",     "volatile",
                  "while",     "xor",      "connection"};  // the generated functions' first parameter
  return reserved.contains(name) ? name + "_" : name;
}

bool is_plain_name(const std::string& name) {
  static const std::regex plain("[a-z][a-z0-9_]*");
  return std::regex_match(name, plain);
}

/// An outer join, or a grouping that leaves columns out, makes columns null that never are in their table.
bool may_add_nulls(std::string_view sql) {
  const std::vector<std::string> words = keywords(sql);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const bool outer = words[i] == "LEFT" || words[i] == "RIGHT" || words[i] == "FULL";
    if (outer && (words[i + 1] == "JOIN" || words[i + 1] == "OUTER")) return true;
    if (words[i] == "ROLLUP" || words[i] == "CUBE" || (words[i] == "GROUPING" && words[i + 1] == "SETS"))
      return true;
  }
  return false;
}

/// What the catalog knows, asked once per object.
class Catalog {
 public:
  explicit Catalog(pg::Connection& connection) : connection_(connection) {}

  struct Type {
    std::string name;
    bool is_enum = false;
  };
  const Type& type(pg::Oid oid) {
    const auto [found, is_new] = types_.try_emplace(oid);
    if (is_new) {
      const pg::Result result =
          connection_.query("SELECT format_type(oid, NULL), typtype = 'e' FROM pg_type WHERE oid::int8 = $1",
                            std::int64_t{oid});
      found->second = {result.one().get<std::string>(0), result.one().get<bool>(1)};
    }
    return found->second;
  }

  /// False for a column of a view, of which nothing is known, and for expressions.
  bool is_never_null(const pg::ColumnDescription& column) {
    if (column.table == pg::oid::unknown) return false;
    return connection_
        .query("SELECT attnotnull FROM pg_attribute WHERE attrelid::int8 = $1 AND attnum = $2",
               std::int64_t{column.table}, static_cast<std::int16_t>(column.table_column))
        .value<bool>();
  }

  struct Column {
    bool nullable = true;
    int decimals = -1;  // of a numeric(p, s)
  };
  Column column_of(const std::string& table, const std::string& column) {
    const pg::Result result = connection_.query(
        "SELECT NOT attnotnull, CASE WHEN atttypmod >= 4 THEN (atttypmod - 4) & 65535 ELSE -1 END "
        "FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2",
        table, column);
    return {result.one().get<bool>(0), result.one().get<std::int32_t>(1)};
  }

 private:
  pg::Connection& connection_;
  std::map<pg::Oid, Type> types_;
};

/// Types one query.
class Inspector {
 public:
  Inspector(pg::Connection& connection, Catalog& catalog, const std::string& path, const Query& query)
      : connection_(connection), catalog_(catalog), path_(path), query_(query) {}

  TypedQuery run() {
    TypedQuery typed;
    typed.query = query_;
    const pg::StatementDescription description = describe();
    if (query_.command == Command::copyfrom) {
      typed.copy = copy_target();
      typed.parameters = copied_fields(typed.copy, description.parameters);
      return typed;
    }
    for (std::size_t i = 0; i < description.parameters.size(); ++i)
      typed.parameters.push_back(parameter(query_.parameters[i], description.parameters[i]));
    const bool returns_rows = query_.command == Command::one || query_.command == Command::many;
    if (returns_rows && description.columns.empty()) fail(query_.line, "the statement returns no columns");
    if (!returns_rows && !description.columns.empty())
      fail(query_.line, "the statement returns columns: use :one or :many");
    if (returns_rows) typed.columns = columns(description.columns);
    return typed;
  }

 private:
  [[noreturn]] void fail(int line, const std::string& what) const {
    throw SourceError(path_, line, query_.name + ": " + what);
  }

  pg::StatementDescription describe() {
    try {
      pg::StatementDescription description = pg::describe(connection_, query_.sql);
      if (description.parameters.size() != query_.parameters.size())
        fail(query_.line, "the parameters are not numbered from $1 without gaps");
      return description;
    } catch (const pg::Error& error) {
      if (error.connection_lost()) throw;
      const int line = error.position() > 0 ? query_.sql_line + pg::line_at(query_.sql, error.position()) - 1
                                            : query_.line;
      std::string message = error.what();
      message.erase(0, message.find(": ") + 2);  // what was tried
      fail(line, message);
    }
  }

  CppType cpp_type_of(pg::Oid oid, std::string_view CppType::*use, const std::string& what) {
    const Catalog::Type& type = catalog_.type(oid);
    const auto cpp = cpp_type(oid, type.is_enum);
    if (!cpp || ((*cpp).*use).empty())
      fail(query_.line, what + " has the type " + type.name +
                            ", which has no C++ type here: cast it to one of " + std::string(supported));
    return *cpp;
  }

  TypedName parameter(const Parameter& parameter, pg::Oid type) {
    if (!is_plain_name(parameter.name))
      fail(query_.line, "parameter " + parameter.name + " must be in snake_case");
    return {identifier(parameter.name), cpp_type_of(type, &CppType::parameter, "parameter " + parameter.name),
            parameter.nullable};
  }

  std::vector<TypedName> columns(const std::vector<pg::ColumnDescription>& described) {
    const bool outer = may_add_nulls(query_.sql);
    std::vector<TypedName> columns;
    std::set<std::string> names;
    for (const pg::ColumnDescription& column : described) {
      if (!is_plain_name(column.name))
        fail(query_.line, "column \"" + column.name + "\" needs a name in snake_case: add AS name");
      if (!names.insert(column.name).second) fail(query_.line, "two columns are called " + column.name);
      const bool nullable = outer || !catalog_.is_never_null(column);
      columns.push_back({column.name,
                         cpp_type_of(column.type, query_.streamed ? &CppType::streamed : &CppType::column,
                                     "column " + column.name),
                         nullable});
    }
    annotate(columns, query_.notnull, false);
    annotate(columns, query_.nullable, true);
    for (TypedName& column : columns) column.name = identifier(column.name);
    return columns;
  }

  void annotate(std::vector<TypedName>& columns, const ColumnNames& annotation, bool nullable) {
    for (const std::string& name : annotation.names) {
      const auto found =
          std::find_if(columns.begin(), columns.end(), [&](const TypedName& c) { return c.name == name; });
      const std::string_view word = nullable ? "nullable" : "notnull";
      if (found == columns.end())
        fail(annotation.line, base::format("{}: there is no column {}", word, name));
      if (found->nullable == nullable)
        fail(annotation.line, base::format("{}: column {} is that already", word, name));
      found->nullable = nullable;
    }
  }

  /// Table and columns of `INSERT INTO table (columns) VALUES ($1, $2, ...)`.
  CopyTarget copy_target() {
    static const std::regex insert(
        "INSERT\\s+INTO\\s+([a-z0-9_]+)\\s*\\(([a-z0-9_,\\s]*)\\)\\s*VALUES\\s*\\(([$0-9,\\s]*)\\)",
        std::regex::icase);
    std::smatch match;
    if (!std::regex_match(query_.sql, match, insert))
      fail(query_.line, ":copyfrom needs INSERT INTO table (columns) VALUES ($1, $2, ...)");
    CopyTarget target{match[1], words(match[2])};
    const std::vector<std::string> values = words(match[3]);
    for (std::size_t i = 0; i < std::max(values.size(), target.columns.size()); ++i)
      if (i >= values.size() || values[i] != "$" + std::to_string(i + 1))
        fail(query_.line, ":copyfrom needs the values $1, $2, ... in this order");
    return target;
  }

  static std::vector<std::string> words(const std::string& list) {
    static const std::regex word("[^,\\s]+");
    return {std::sregex_token_iterator(list.begin(), list.end(), word), std::sregex_token_iterator()};
  }

  std::vector<TypedName> copied_fields(const CopyTarget& target, const std::vector<pg::Oid>& types) {
    std::vector<TypedName> fields;
    for (std::size_t i = 0; i < target.columns.size(); ++i) {
      const std::string& name = target.columns[i];
      const Catalog::Column column = catalog_.column_of(target.table, name);
      if (types[i] == pg::oid::numeric && column.decimals == 1) {
        constexpr CppType tenths{"", "", "std::int32_t", "add_numeric_tenths", ""};
        fields.push_back({name + "_tenths", tenths, column.nullable});
      } else {
        fields.push_back(
            {identifier(name), cpp_type_of(types[i], &CppType::copied, "column " + name), column.nullable});
      }
    }
    return fields;
  }

  pg::Connection& connection_;
  Catalog& catalog_;
  const std::string& path_;
  const Query& query_;
};

}  // namespace

std::vector<TypedFile> inspect(pg::Connection& connection, const std::vector<QueryFile>& files) {
  Catalog catalog(connection);
  std::vector<TypedFile> typed;
  std::set<std::string> names;
  std::string errors;
  for (const QueryFile& file : files) {
    typed.push_back({file.path, {}});
    for (const Query& query : file.queries) {
      try {
        if (!names.insert(query.name).second)
          throw SourceError(file.path, query.line, "there are two queries called " + query.name);
        typed.back().queries.push_back(Inspector(connection, catalog, file.path, query).run());
      } catch (const SourceError& error) {
        errors.append(errors.empty() ? "" : "\n").append(error.what());
      }
    }
  }
  if (!errors.empty()) throw SourceError(errors);
  return typed;
}

}  // namespace sqlgen
