// What a run refuses to do to a source without being told to: feeds have lost or withdrawn a hundred thousand
// records in one export, by mistake.
#pragma once

#include <optional>
#include <string>

#include "pipeline/worklist.hpp"

namespace pipeline {

/// Fewer records than this are never a mass, whatever their share.
inline constexpr std::size_t guard_records = 50;
/// More than one record in this many is.
inline constexpr std::size_t guard_share = 10;

/// Why the changes of this source must not be taken in: it would lose, withdraw or quarantine more than a
/// tenth of its records and more than 50, unless `allow_mass_delete`, or a whole source is without a record.
/// The message says how to go on. Nothing when all is well.
std::optional<std::string> refused_by_guards(const SourceWork& work, bool allow_mass_delete);

}  // namespace pipeline
