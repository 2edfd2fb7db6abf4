// Several archives of one source as one collection: a whole one, and later ones that hold what changed since.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fetch/source.hpp"

namespace fetch {

/// How copies of one record are told apart.
struct CopyRules {
  /// The id in a location ("GO-2024-1.json"); "" where it is no record's.
  std::function<std::string_view(std::string_view location)> id_of;
  /// The location that a record of a later piece has in the first one; empty: it has it already.
  std::function<std::string(std::string_view id)> location_of = {};
  /// When the bytes of a record say that it was changed; Versions::none where they do not say. Asked where
  /// `accept` is empty or has refused them.
  std::function<std::int64_t(std::string_view bytes)> version_of;
  /// As Request::accept; empty: every copy can be read.
  Accept accept = {};
};

using Pieces = std::vector<std::unique_ptr<const Collection>>;

/// The records of all pieces: of several copies the one with the latest version that can be read, of equally
/// old ones the larger, then the first by location, then by the hash of its bytes, whichever pieces they are
/// in. Copies that cannot be read and are newer than that one, or do not say how old they are, are handed
/// over beside it, so that they are counted: whoever parses them prefers the one that can be read. Where none
/// can be read it is the latest alone. Only ids that stand in a later piece are looked at, so that the first
/// one may be large. Throws what reading throws.
std::unique_ptr<const Collection> overlay(Pieces pieces, const CopyRules& rules);

/// As overlay(), of which only what pieces with `is_new` bring is handed over: what changed for who knows the
/// other pieces. Where copies cannot be read, the one that can comes along from whichever piece it is in.
std::unique_ptr<const Collection> overlay(Pieces pieces, const std::vector<bool>& is_new,
                                          const CopyRules& rules);

}  // namespace fetch
