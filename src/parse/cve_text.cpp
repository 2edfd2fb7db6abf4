#include "parse/cve_text.hpp"

#include <algorithm>
#include <string>

#include "advisory/identifier.hpp"
#include "advisory/osv_schema.hpp"
#include "base/ascii.hpp"
#include "parse/type_check.hpp"

namespace parse {

namespace {

using base::json::Member;
using base::json::ObjectBuilder;
using base::json::Value;

// "en", "en-US", "EN_gb": the language of a BCP 47 tag, whatever its region.
bool is_english(const Value& description) {
  const std::string_view lang = member(description, "lang").text();
  return lang.size() >= 2 && (lang[0] == 'e' || lang[0] == 'E') && (lang[1] == 'n' || lang[1] == 'N') &&
         (lang.size() == 2 || lang[2] == '-' || lang[2] == '_');
}

bool says_english(const Member& each) {
  return each.key == "lang" && each.value.text() == "en";
}

Value array_or_null(const std::vector<Value>& values, base::Arena& arena) {
  return values.empty() ? Value() : base::json::make_array(arena, values);
}

// One description of a weakness without its CWE id and what says no more than that it is one.
Value without_cwe(const Value& description, std::string_view cwe_id, base::Arena& arena) {
  ObjectBuilder rest(arena);
  for (const Member& each : description.members()) {
    const bool says_nothing = each.key == "cweId" || says_english(each) ||
                              (each.key == "type" && each.value.text() == "CWE") ||
                              (each.key == "description" && each.value.text() == cwe_id);
    if (!says_nothing) rest.add_unless_empty(each.key, each.value);
  }
  return rest.finish();
}

// "remediation developer" to "REMEDIATION_DEVELOPER".
std::string osv_role(std::string_view role) {
  std::string out = base::uppered(role);
  std::replace(out.begin(), out.end(), ' ', '_');
  return out;
}

}  // namespace

std::string_view first_characters(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  const auto continues = [&](std::size_t i) { return (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80; };
  for (; at < text.size() && characters > 0; --characters) {
    ++at;
    while (at < text.size() && continues(at)) ++at;
  }
  return text.substr(0, at);
}

Value read_description(std::span<const Value> list, base::Arena& arena, std::string_view& details) {
  const auto has_text = [](const Value& each) { return !member(each, "value").is_empty(); };
  auto chosen = std::find_if(list.begin(), list.end(),
                             [&](const Value& each) { return has_text(each) && is_english(each); });
  const bool english = chosen != list.end();
  // Words in another language are better than none, and lose to those of any other source. The list then
  // stays whole beside them, because it names their language.
  if (!english) chosen = std::find_if(list.begin(), list.end(), has_text);
  if (chosen != list.end()) details = member(*chosen, "value").text();
  std::vector<Value> rest;
  for (auto each = list.begin(); each != list.end(); ++each) {
    if (each != chosen || !english) {
      rest.push_back(*each);
      continue;
    }
    ObjectBuilder left(arena);
    for (const Member& m : each->members())
      if (m.key != "lang" && m.key != "value") left.add_unless_empty(m.key, m.value);
    if (!left.empty()) rest.push_back(left.finish());
  }
  return array_or_null(rest, arena);
}

Value read_problem_types(std::span<const Value> list, base::Arena& arena,
                         std::vector<std::string_view>& cwe_ids) {
  std::vector<Value> rest;
  for (const Value& type : list) {
    std::vector<Value> descriptions;
    for (const Value& each : member(type, "descriptions").items()) {
      const std::string_view id = member(each, "cweId").text();
      Value left = each;
      if (advisory::is_cwe(id)) {
        cwe_ids.push_back(id);
        left = without_cwe(each, id, arena);
      }
      if (!left.is_empty()) descriptions.push_back(left);
    }
    ObjectBuilder left(arena);
    for (const Member& each : type.members())
      if (each.key != "descriptions") left.add_unless_empty(each.key, each.value);
    left.add_unless_empty("descriptions", array_or_null(descriptions, arena));
    if (!left.empty()) rest.push_back(left.finish());
  }
  return array_or_null(rest, arena);
}

Value read_cve_credits(std::span<const Value> list, base::Arena& arena,
                       std::vector<advisory::Credit>& credits, Misfits& misfits) {
  std::vector<Value> rest;
  for (const Value& each : list) {
    const Value name = member(each, "value");
    const std::string_view type = member(each, "type").text();
    const std::string role = osv_role(type.empty() ? "finder" : type);
    const bool known = advisory::is_credit_type(role);
    if (!known || name.is_empty()) misfits.add("credits", each);
    if (name.is_empty()) continue;
    credits.push_back({name.text(), known ? arena.copy(role) : std::string_view(), {}});
    ObjectBuilder left(arena);
    for (const Member& m : each.members())
      if (m.key != "value" && m.key != "type" && !says_english(m)) left.add_unless_empty(m.key, m.value);
    if (!left.empty()) rest.push_back(left.add("value", name).finish());
  }
  return array_or_null(rest, arena);
}

}  // namespace parse
