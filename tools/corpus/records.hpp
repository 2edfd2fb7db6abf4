// The records of one source in one state, made on several threads.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "corpus/plan.hpp"
#include "corpus/variation.hpp"
#include "fetch/source.hpp"

namespace corpus {

/// One record of the amplified corpus.
struct Record {
  std::string id;
  std::string path;  // in its source; GitLab's whole path, else that of the entry in the archive
  std::string bytes;
  base::Packed packed;                   // `bytes`, unless the source is GitLab
  std::vector<std::string> directories;  // OSV
  std::string modified;                  // OSV
  Fate fate = Fate::same;                // in the second state
};

/// The records of one source of a mirror and how often it is copied.
struct Supply {
  advisory::Source source = advisory::Source::osv;
  const fetch::Collection* originals = nullptr;
  const Vocabulary* words = nullptr;
  std::uint64_t count = 0;  // records of the first state
};

/// Hands every record of `state` to `take`, in order: copy 0 of every original, then copy 1, and so on. In
/// the second state deleted records come without bytes. With `changes_only`, those that stay the same are
/// left out.
void make_records(const Plan& plan, const Supply& supply, State state, bool changes_only,
                  const std::function<void(Record&&)>& take);

}  // namespace corpus
