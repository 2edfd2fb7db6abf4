// A merged vulnerability as a record of an OSV export: what consumers of OSV's own bucket expect
// (https://google.github.io/osv.dev/data/). The merged document has the shape of the OSV schema already; what
// is left are the id of a home database that OSV does not know, and the directories.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace snapshot {

/// Whether the OSV schema takes the id only with `x_` in front, as one of a private database.
bool is_private_id(std::string_view id);

/// `id`, with `x_` in front where it needs that.
std::string osv_id(std::string_view id);

/// The record: `document` with its id as osv_id() says.
base::json::Value osv_record(const base::json::Value& document, base::Arena& arena);

/// The directories of a record, sorted: each ecosystem without its suffix, GIT where a range is of that type,
/// [EMPTY] where there is neither.
std::vector<std::string> osv_directories(const base::json::Value& document);

/// The name of a record's file without its ending: the id, with what a path must not hold as %XX.
std::string osv_file_name(std::string_view id);

}  // namespace snapshot
