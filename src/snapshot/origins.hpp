// Where the data come from: what a manifest says of each source.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "pg/connection.hpp"
#include "snapshot/manifest.hpp"
#include "store/generated/status.hpp"

namespace snapshot {

/// The sources that have records, with their licences counted.
std::map<std::string, SourceOrigin> source_origins(pg::Connection& connection,
                                                   const std::vector<store::sql::SourceStatesRow>& states);

}  // namespace snapshot
