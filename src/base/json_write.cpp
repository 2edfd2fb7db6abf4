#include "base/json.hpp"
#include "base/json_scan.hpp"

namespace base::json {

namespace {

void write_escape(char c, std::string& out) {
  static constexpr char digits[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 15];
  }
}

void write_indented(const Value& value, std::size_t depth, std::string& out);

void new_line(std::size_t depth, std::string& out) {
  out += '\n';
  out.append(depth * 2, ' ');
}

template <typename Range, typename WriteOne>
void write_lines(char open, char close, const Range& range, std::size_t depth, std::string& out,
                 WriteOne one) {
  out += open;
  bool first = true;
  for (const auto& element : range) {
    if (!first) out += ',';
    first = false;
    new_line(depth + 1, out);
    one(element);
  }
  if (!first) new_line(depth, out);
  out += close;
}

void write_indented(const Value& value, std::size_t depth, std::string& out) {
  if (value.is_array()) {
    write_lines('[', ']', value.items(), depth, out,
                [&](const Value& item) { write_indented(item, depth + 1, out); });
  } else if (value.is_object()) {
    write_lines('{', '}', value.members(), depth, out, [&](const Member& member) {
      write_string(member.key, out);
      out += ": ";
      write_indented(member.value, depth + 1, out);
    });
  } else {
    write(value, out);
  }
}

}  // namespace

void write_string(std::string_view text, std::string& out) {
  out += '"';
  const char* from = text.data();
  const char* const end = from + text.size();
  for (;;) {
    const char* const special = find_special(from, end);
    out.append(from, special);
    if (special == end) break;
    write_escape(*special, out);
    from = special + 1;
  }
  out += '"';
}

void write(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Kind::null:
      out += "null";
      return;
    case Kind::boolean:
      out += value.as_bool() ? "true" : "false";
      return;
    case Kind::number:
      out += value.text();
      return;
    case Kind::string:
      write_string(value.text(), out);
      return;
    case Kind::array: {
      char before = '[';
      for (const Value& item : value.items()) {
        out += before;
        before = ',';
        write(item, out);
      }
      out += before == '[' ? "[]" : "]";
      return;
    }
    case Kind::object: {
      char before = '{';
      for (const Member& member : value.members()) {
        out += before;
        before = ',';
        write_string(member.key, out);
        out += ':';
        write(member.value, out);
      }
      out += before == '{' ? "{}" : "}";
      return;
    }
  }
}

std::string write(const Value& value) {
  std::string out;
  write(value, out);
  return out;
}

void write_pretty(const Value& value, std::string& out) {
  write_indented(value, 0, out);
}

}  // namespace base::json
