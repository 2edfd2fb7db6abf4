// Any text as an affected_range: intervals whose parts lie in the text, or none.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parse/affected_range.hpp"

namespace {

bool lies_in(std::string_view part, std::string_view text) {
  return part.empty() ||
         (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
}

void check(parse::RangeGrammar grammar, std::string_view text) {
  const auto intervals = parse::read_affected_range(grammar, text);
  if (!intervals) return;
  if (intervals->empty()) std::abort();
  for (const parse::Interval& each : *intervals) {
    const bool has_bounds = !each.lower.empty() || !each.upper.empty();
    if (each.text.empty() || !lies_in(each.text, text)) std::abort();
    if (!lies_in(each.lower, each.text) || !lies_in(each.upper, each.text)) std::abort();
    if (each.kind == parse::Interval::Kind::nothing && has_bounds) std::abort();
    if (each.kind == parse::Interval::Kind::exact && (each.lower.empty() || !each.upper.empty()))
      std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(parse::RangeGrammar::comparators, text);
  check(parse::RangeGrammar::brackets, text);
  return 0;
}
