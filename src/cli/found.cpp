#include "cli/found.hpp"

#include <algorithm>
#include <string>

#include "base/error.hpp"

namespace cli {

std::vector<store::sql::FindByIdentifierRow> find_by_identifier(pg::Connection& connection,
                                                                std::string_view identifier) {
  auto rows = store::sql::find_by_identifier(connection, identifier);
  if (rows.empty())
    throw base::Error("no vulnerability has the id, the former id or the alias " + std::string(identifier) +
                      "; 'vuln-datasync status' tells how fresh the sources are");
  // Rows come nearest kind first. What is somebody's own id or alias is not a former id of another.
  const auto rank = [](const std::string& kind) { return kind == "former" ? 1 : kind == "related" ? 2 : 0; };
  const int nearest = rank(rows.front().kind);
  rows.erase(
      std::remove_if(rows.begin(), rows.end(), [&](const auto& row) { return rank(row.kind) != nearest; }),
      rows.end());
  return rows;
}

}  // namespace cli
