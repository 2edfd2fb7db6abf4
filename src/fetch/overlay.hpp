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
  /// When the bytes of a record say that it was changed; Versions::none where they do not say.
  std::function<std::int64_t(std::string_view bytes)> version_of;
};

using Pieces = std::vector<std::unique_ptr<const Collection>>;

/// The records of all pieces, each once: of several copies the one with the latest version, and of equally
/// old ones that of the later piece. Only ids that stand in a later piece are looked at, so that the first
/// one may be large. Throws what reading throws.
std::unique_ptr<const Collection> overlay(Pieces pieces, const CopyRules& rules);

/// As overlay(), of which only the records that come from pieces with `is_new` are handed over: what changed
/// for who knows the other pieces.
std::unique_ptr<const Collection> overlay(Pieces pieces, const std::vector<bool>& is_new,
                                          const CopyRules& rules);

}  // namespace fetch
