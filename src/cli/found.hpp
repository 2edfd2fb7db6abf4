// What an identifier leads to.
#pragma once

#include <string_view>
#include <vector>

#include "pg/connection.hpp"
#include "store/generated/lookup.hpp"

namespace cli {

/// The vulnerabilities that `identifier` means: the one it is the id or an alias of, else the one it was a
/// former id of, else all that claim it. Throws base::Error when there is none.
std::vector<store::sql::FindByIdentifierRow> find_by_identifier(pg::Connection& connection,
                                                                std::string_view identifier);

}  // namespace cli
