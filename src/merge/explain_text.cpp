#include "merge/explain.hpp"

namespace merge {

namespace {

using base::json::Value;

constexpr std::size_t longest_value = 160;  // bytes of a value shown; two lines on a usual terminal

std::string_view text_of(const Value& object, std::string_view key) {
  const Value* found = object.find(key);
  return found == nullptr ? std::string_view() : found->text();
}

std::span<const Value> items_of(const Value& object, std::string_view key) {
  const Value* found = object.find(key);
  return found == nullptr ? std::span<const Value>() : found->items();
}

bool is_true(const Value& object, std::string_view key) {
  const Value* found = object.find(key);
  return found != nullptr && found->as_bool();
}

/// A value on one line: text as it is, everything else as JSON, cut where it is long, between characters.
std::string shown(const Value& value) {
  std::string text = base::json::write(value);
  if (text.size() <= longest_value) return text;
  std::size_t end = longest_value;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text + "…";
}

void add_sources(const Value& explanation, std::string& out) {
  out += "\nSources, the first heard first:\n";
  for (const Value& each : items_of(explanation, "sources")) {
    out.append("  ").append(text_of(each, "from"));
    if (text_of(each, "from").find(text_of(each, "own_id")) == std::string_view::npos)
      out.append(" (").append(text_of(each, "own_id")).append(")");
    if (!text_of(each, "modified").empty()) out.append(", modified ").append(text_of(each, "modified"));
    if (is_true(each, "retracted")) out += ", retracted";
    if (is_true(each, "stale")) out += ", unreadable now: its last good version";
    out += '\n';
  }
}

void add_links(const Value& explanation, std::string& out) {
  if (items_of(explanation, "links").empty()) return;
  out += "\nLinks:\n";
  for (const Value& each : items_of(explanation, "links")) {
    out.append("  ").append(text_of(each, "from")).append(" names ").append(text_of(each, "id"));
    if (is_true(each, "followed"))
      out += ": followed\n";
    else
      out.append(": not followed, ").append(text_of(each, "reason")).append("\n");
  }
}

void add_statements(const Value& field, std::string_view key, std::string_view word, std::string& out) {
  for (const Value& each : items_of(field, key)) {
    out.append("  ").append(word).append(" ").append(text_of(each, "from"));
    if (!text_of(each, "why").empty()) out.append(" (").append(text_of(each, "why")).append(")");
    out.append(": ").append(shown(*each.find("value"))).append("\n");
  }
}

void add_fields(const Value& explanation, std::string& out) {
  for (const Value& field : items_of(explanation, "fields")) {
    out.append("\n").append(text_of(field, "field")).append(": ").append(text_of(field, "rule")).append("\n");
    add_statements(field, "won", "won ", out);
    add_statements(field, "lost", "lost", out);
  }
}

void add_conflicts(const Value& explanation, std::string& out) {
  if (items_of(explanation, "conflicts").empty()) return;
  out += "\nConflicts:\n";
  for (const Value& each : items_of(explanation, "conflicts"))
    out.append("  ").append(base::json::write(each)).append("\n");
}

}  // namespace

std::string explanation_text(const Value& explanation) {
  std::string out(text_of(explanation, "id"));
  for (const Value& alias : items_of(explanation, "aliases")) out.append(", ").append(alias.text());
  out += '\n';
  add_sources(explanation, out);
  add_links(explanation, out);
  add_fields(explanation, out);
  add_conflicts(explanation, out);
  return out;
}

}  // namespace merge
