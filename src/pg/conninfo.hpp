// Looks into connection strings, for those who hand them on to other programs.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pg {

/// The keywords and values of a libpq connection string, URI or pairs, that stand in it. Throws Error,
/// without quoting it, when it cannot be read.
std::vector<std::pair<std::string, std::string>> parse_conninfo(const std::string& conninfo);

/// The same connection string with another database. Throws Error, without quoting it, when it cannot be
/// read.
std::string with_database(const std::string& conninfo, std::string_view database);

}  // namespace pg
