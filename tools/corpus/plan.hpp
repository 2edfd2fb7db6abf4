// What is asked for: how many records of which source, and what became of each of them in the second state.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "advisory/advisory.hpp"
#include "base/zip_writer.hpp"

namespace corpus {

/// The first state, or the second, some time later.
enum class State { before, after };

struct Plan {
  std::filesystem::path from;  // the mirror that is amplified
  std::filesystem::path to;    // gets `before/`, and `after/` when that is asked for
  std::uint64_t records = 0;   // in all sources; their shares are those of the mirror
  std::uint64_t seed = 1;
  bool second_state = false;
  // Shares of the records: what the second state does with them.
  double changed = 0.02;
  double added = 0.005;
  double withdrawn = 0.001;
  double deleted = 0.001;
  bool bundle = false;  // the GitLab part as a bundle instead of a repository
  base::Zip64 zip64 = base::Zip64::as_needed;
  int level = 6;  // of deflate
  std::size_t threads = 1;
};

/// When every change of the second state is said to have happened.
inline constexpr std::string_view second_state_time = "2026-09-01T12:00:00Z";

enum class Fate { same, changed, added, withdrawn, deleted };

/// Records of each source in the first state: `plan.records` in the proportions of `originals`, at least one
/// of each source that has any.
std::map<advisory::Source, std::uint64_t> share_out(
    const Plan& plan, const std::map<advisory::Source, std::uint64_t>& originals);

/// What the second state does with record `number` of a source that has `count` in the first: it follows from
/// the seed. Those from `count` on are the added ones.
Fate fate_of(const Plan& plan, advisory::Source source, std::uint64_t number, std::uint64_t count);

/// How many records a source has in the second state, deleted ones included.
std::uint64_t count_with_added(const Plan& plan, std::uint64_t count);

}  // namespace corpus
