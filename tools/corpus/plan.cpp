#include "corpus/plan.hpp"

#include <algorithm>
#include <cmath>

#include "corpus/identity.hpp"

namespace corpus {

std::map<advisory::Source, std::uint64_t> share_out(
    const Plan& plan, const std::map<advisory::Source, std::uint64_t>& originals) {
  std::uint64_t all = 0;
  for (const auto& [source, count] : originals) all += count;
  if (all == 0) return {};
  std::map<advisory::Source, std::uint64_t> result;
  std::uint64_t seen = 0;
  std::uint64_t given = 0;
  for (const auto& [source, count] : originals) {
    if (count == 0) continue;
    seen += count;
    // The last source gets exactly what is left.
    const std::uint64_t up_to = plan.records * seen / all;
    result[source] = std::max<std::uint64_t>(1, up_to - std::min(up_to, given));
    given = up_to;
  }
  return result;
}

Fate fate_of(const Plan& plan, advisory::Source source, std::uint64_t number, std::uint64_t count) {
  if (number >= count) return Fate::added;
  const double chance = static_cast<double>(mix(advisory::to_string(source), plan.seed, number)) /
                        18446744073709551616.0;  // 2^64
  const double gone = plan.deleted;
  const double withdrawn = gone + plan.withdrawn;
  const double changed = withdrawn + plan.changed;
  if (chance < gone) return Fate::deleted;
  if (chance < withdrawn) return Fate::withdrawn;
  if (chance < changed) return Fate::changed;
  return Fate::same;
}

std::uint64_t count_with_added(const Plan& plan, std::uint64_t count) {
  return count + static_cast<std::uint64_t>(std::llround(static_cast<double>(count) * plan.added));
}

}  // namespace corpus
