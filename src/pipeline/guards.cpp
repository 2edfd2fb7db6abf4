#include "pipeline/guards.hpp"

#include <algorithm>

#include "base/format.hpp"

namespace pipeline {

namespace {

bool is_mass(std::size_t count, std::size_t of) {
  return count > guard_records && count * guard_share > of;
}

}  // namespace

std::optional<std::string> refused_by_guards(const SourceWork& work, bool allow_mass_delete) {
  const Scan& scan = work.scan;
  const std::size_t stored = work.stored.live();
  const std::string_view source = advisory::to_string(work.source);
  const std::size_t seen = scan.changed.size() + scan.refused.size() + scan.unchanged;
  if (work.complete && seen == 0)
    return base::format(
        "{}: the source was fetched and holds no record at all, which is never right; nothing of this source "
        "was changed; look at where it was fetched from",
        source);
  if (allow_mass_delete) return std::nullopt;
  const std::size_t all = work.complete ? seen : std::max(seen, stored);
  if (is_mass(scan.refused.size(), all))
    return base::format(
        "{}: {} of {} records cannot be read, the first: {} ({}: {}); nothing of this source was changed; to "
        "put them into quarantine and take in the rest, run again with --allow-mass-delete",
        source, scan.refused.size(), all, scan.refused.front().record_id,
        parse::to_string(scan.refused.front().refusal.reason), scan.refused.front().refusal.detail);
  if (is_mass(scan.deleted.size(), stored))
    return base::format(
        "{}: {} of {} records are gone from the source; nothing of this source was changed; if that is "
        "right, "
        "run again with --allow-mass-delete",
        source, scan.deleted.size(), stored);
  if (is_mass(scan.newly_retracted, stored))
    return base::format(
        "{}: {} of {} records would be withdrawn; nothing of this source was changed; if that is right, run "
        "again with --allow-mass-delete",
        source, scan.newly_retracted, stored);
  return std::nullopt;
}

}  // namespace pipeline
