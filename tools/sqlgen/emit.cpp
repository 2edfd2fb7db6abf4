#include "emit.hpp"

#include "base/ascii.hpp"
#include "base/format.hpp"

namespace sqlgen {
namespace {

constexpr std::size_t line_limit = 110;

using base::is_upper;

/// GetVulnerabilityByAnyId: get_vulnerability_by_any_id.
std::string snake_case(const std::string& name) {
  std::string snake;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool starts_word = is_upper(name[i]) && i > 0 &&
                             (!is_upper(name[i - 1]) || (i + 1 < name.size() && !is_upper(name[i + 1])));
    if (starts_word) snake += '_';
    snake += base::lower(name[i]);
  }
  return snake;
}

/// sql/vulnerabilities.sql: vulnerabilities.
std::string stem(const std::string& path) {
  const std::size_t begin = path.rfind('/') + 1;
  return path.substr(begin, path.rfind('.') - begin);
}

std::string optional(std::string_view type, bool nullable) {
  return nullable ? "std::optional<" + std::string(type) + ">" : std::string(type);
}

std::string row_name(const TypedQuery& typed) {
  return typed.query.name + "Row";
}

/// How the columns of its rows are spelled.
std::string_view CppType::*column_use(const TypedQuery& typed) {
  return typed.query.streamed ? &CppType::streamed : &CppType::column;
}

/// `begin` and the parts in one line where they fit, else broken between parts and aligned after `begin`.
std::string call(const std::string& begin, const std::vector<std::string>& parts, const std::string& end) {
  const std::string indent(begin.size() - begin.rfind('\n') - 1, ' ');
  std::string text = begin;
  std::size_t width = indent.size();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string part = parts[i] + (i + 1 < parts.size() ? "," : end);
    if (i > 0 && width + 1 + part.size() > line_limit) {
      text += "\n" + indent;
      width = indent.size();
    } else if (i > 0) {
      text += " ";
      ++width;
    }
    text += part;
    width += part.size();
  }
  return text;
}

/// Members of plain types start as zero.
std::string_view initializer(std::string_view type) {
  if (type == "bool") return " = false";
  return type == "double" || type.starts_with("std::int") ? " = 0" : "";
}

std::string row_struct(const TypedQuery& typed, const std::vector<TypedName>& members,
                       std::string_view CppType::*use) {
  std::string text = "struct " + row_name(typed) + " {\n";
  for (const TypedName& member : members) {
    const std::string_view type = member.type.*use;
    text += "  " + optional(type, member.nullable) + " " + member.name;
    text.append(member.nullable ? "" : initializer(type)).append(";\n");
  }
  return text + "};\n";
}

std::string return_type(const TypedQuery& typed) {
  switch (typed.query.command) {
    case Command::one:
      return "std::optional<" + row_name(typed) + ">";
    case Command::many:
      return typed.query.streamed ? "std::uint64_t" : "std::vector<" + row_name(typed) + ">";
    case Command::exec:
      return "void";
    default:
      return "std::uint64_t";
  }
}

std::string signature(const TypedQuery& typed, const std::string& end) {
  std::vector<std::string> parameters = {"pg::Connection& connection"};
  if (typed.query.command == Command::copyfrom) {
    parameters.push_back("const pg::RowsOf<" + row_name(typed) + ">& rows");
  } else {
    for (const TypedName& parameter : typed.parameters)
      parameters.push_back(optional(parameter.type.parameter, parameter.nullable) + " " + parameter.name);
  }
  if (typed.query.streamed)
    parameters.push_back("const std::function<void(const " + row_name(typed) + "&)>& take");
  return call(return_type(typed) + " " + snake_case(typed.query.name) + "(", parameters, ")" + end);
}

std::string declaration(const TypedQuery& typed) {
  std::string text;
  if (typed.query.command == Command::copyfrom) {
    text += "/// A row of " + typed.copy.table + " to be copied.\n" +
            row_struct(typed, typed.parameters, &CppType::copied);
    text += call("void append(", {"pg::RowBuffer& rows", "const " + row_name(typed) + "& row"}, ");\n\n");
  } else if (!typed.columns.empty()) {
    text += row_struct(typed, typed.columns, column_use(typed)) + "\n";
  }
  for (const std::string& line : typed.query.comment) text += line.empty() ? "///\n" : "/// " + line + "\n";
  return text + signature(typed, ";\n");
}

/// The statement's text, and the function that reads one of its rows.
std::string constants(const TypedQuery& typed) {
  if (typed.query.command == Command::copyfrom) return "";
  const std::string name = snake_case(typed.query.name);
  std::string text =
      "\nconstexpr std::string_view " + name + "_sql = R\"sql(" + typed.query.sql + ")sql\";\n";
  if (typed.columns.empty()) return text;
  const std::string_view row = typed.query.streamed ? "pg::CopyRow" : "pg::Row";
  text += base::format("\n{} read_{}(const {}& row) {{\n", row_name(typed), name, row);
  std::vector<std::string> values;
  std::string_view CppType::*const use = column_use(typed);
  for (std::size_t i = 0; i < typed.columns.size(); ++i)
    values.push_back("row.get<" + optional(typed.columns[i].type.*use, typed.columns[i].nullable) + ">(" +
                     std::to_string(i) + ")");
  return text + call("  return {", values, "};\n}\n");
}

std::string copy_definition(const TypedQuery& typed) {
  const std::vector<TypedName>& fields = typed.parameters;
  std::string text = "\nvoid append(pg::RowBuffer& rows, const " + row_name(typed) + "& row) {\n";
  text += "  rows.begin_row(" + std::to_string(fields.size()) + ");\n";
  for (const TypedName& field : fields) {
    const std::string add = "rows." + std::string(field.type.add) + "(";
    if (!field.nullable) {
      text += "  " + add + "row." + field.name + ");\n";
    } else {
      text += "  if (row." + field.name + ")\n    " + add + "*row." + field.name + ");\n";
      text += "  else\n    rows.add_null();\n";
    }
  }
  text += "  rows.end_row();\n}\n\n" + signature(typed, " {\n");
  std::vector<std::string> columns;
  for (const std::string& column : typed.copy.columns) columns.push_back("\"" + column + "\"");
  text += "  return pg::copy_rows(connection, \"" + typed.copy.table + "\",\n";
  return text + call("                       {", columns, "},\n") +
         "                       rows.buffer());\n}\n";
}

std::string definition(const TypedQuery& typed) {
  if (typed.query.command == Command::copyfrom) return copy_definition(typed);
  const std::string name = snake_case(typed.query.name);
  const std::string statement = "{\"" + typed.query.name + "\", " + name + "_sql}";
  std::vector<std::string> arguments;
  std::string begin;
  std::string end = ");\n}\n";
  if (typed.columns.empty()) {
    begin = typed.query.command == Command::execrows ? "  return connection.query(" : "  connection.query(";
    arguments = {statement};
    if (typed.query.command == Command::execrows) end = ").rows_affected();\n}\n";
  } else {
    begin = typed.query.streamed                  ? "  return pg::stream_rows("
            : typed.query.command == Command::one ? "  return pg::query_one("
                                                  : "  return pg::query_many(";
    arguments = {"connection", statement, "read_" + name};
    if (typed.query.streamed) arguments.emplace_back("take");
  }
  for (const TypedName& parameter : typed.parameters) arguments.push_back(parameter.name);
  return "\n" + signature(typed, " {\n") + call(begin, arguments, end);
}

std::string banner(const TypedFile& file) {
  return "// Written by `make sql-generate` from " + file.path + ". Do not edit.\n// clang-format off\n";
}

std::string header(const TypedFile& file) {
  std::string text =
      banner(file) +
      "#pragma once\n\n#include <cstdint>\n#include <functional>\n#include <optional>\n#include "
      "<span>\n#include <string>\n"
      "#include <string_view>\n#include <vector>\n\n#include \"pg/connection.hpp\"\n"
      "#include \"pg/typed_query.hpp\"\n#include \"pg/types.hpp\"\n\nnamespace store::sql {\n\n";
  for (const TypedQuery& typed : file.queries) text += declaration(typed) + "\n";
  return text + "}  // namespace store::sql\n";
}

std::string source(const TypedFile& file) {
  std::string text =
      banner(file) + "#include \"store/generated/" + stem(file.path) + ".hpp\"\n\nnamespace store::sql {\n";
  std::string internal;
  for (const TypedQuery& typed : file.queries) internal += constants(typed);
  if (!internal.empty()) text += "namespace {\n" + internal + "\n}  // namespace\n";
  for (const TypedQuery& typed : file.queries) text += definition(typed);
  return text + "\n}  // namespace store::sql\n";
}

}  // namespace

std::vector<GeneratedFile> emit(const std::vector<TypedFile>& files) {
  std::vector<GeneratedFile> generated;
  for (const TypedFile& file : files) {
    generated.push_back({stem(file.path) + ".hpp", header(file)});
    generated.push_back({stem(file.path) + ".cpp", source(file)});
  }
  return generated;
}

}  // namespace sqlgen
