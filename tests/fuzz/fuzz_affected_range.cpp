// Any text as an affected_range: intervals whose parts lie in the text, or none.
#include <string_view>

#include "fuzz/fuzz_target.hpp"
#include "parse/affected_range.hpp"

namespace {

bool lies_in(std::string_view part, std::string_view text) {
  return part.empty() ||
         (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
}

void check(parse::RangeGrammar grammar, std::string_view text) {
  const auto intervals = parse::read_affected_range(grammar, text);
  if (!intervals) return;
  fuzz::require(!intervals->empty(), "a range has an interval");
  for (const parse::Interval& each : *intervals) {
    const bool has_bounds = !each.lower.empty() || !each.upper.empty();
    fuzz::require(!each.text.empty() && lies_in(each.text, text), "an interval is part of the text");
    fuzz::require(lies_in(each.lower, each.text) && lies_in(each.upper, each.text), "bounds are part of it");
    fuzz::require(each.kind != parse::Interval::Kind::nothing || !has_bounds, "nothing has no bounds");
    fuzz::require(each.kind != parse::Interval::Kind::exact || (!each.lower.empty() && each.upper.empty()),
                  "an exact version is one bound");
  }
}

}  // namespace

FUZZ_TARGET(affected_range) {
  check(parse::RangeGrammar::comparators, bytes);
  check(parse::RangeGrammar::brackets, bytes);
}
