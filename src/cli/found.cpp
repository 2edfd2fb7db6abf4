#include "cli/found.hpp"

#include <string>

#include "base/error.hpp"
#include "store/lookup.hpp"

namespace cli {

std::vector<store::sql::FindByIdentifierRow> find_by_identifier(pg::Connection& connection,
                                                                std::string_view identifier) {
  auto rows = store::sql::find_by_identifier(connection, identifier);
  if (rows.empty())
    throw base::Error("no vulnerability has the id, the former id or the alias " + std::string(identifier) +
                      "; 'vuln-datasync status' tells how fresh the sources are");
  store::keep_nearest(rows);
  return rows;
}

}  // namespace cli
