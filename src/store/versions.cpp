#include "store/versions.hpp"

#include <limits>
#include <string>

#include "base/format.hpp"

namespace store {

void for_each_version(pg::Connection& connection, advisory::Source source,
                      const std::function<void(std::string_view record_id, std::int64_t modified)>& take) {
  const std::string select = base::format(
      "SELECT record_id, greatest(r.modified, q.listed_at)"
      " FROM (SELECT record_id, modified FROM source_records"
      " WHERE source = {0} AND removed_at IS NULL) r"
      " FULL JOIN (SELECT record_id, listed_at FROM quarantine WHERE source = {0}) q"
      " USING (record_id) WHERE r.record_id IS NOT NULL OR q.listed_at IS NOT NULL",
      pg::quote_literal(advisory::to_string(source)));
  connection.copy_out({"load record versions", select}, [&take](const pg::CopyRow& row) {
    const std::int64_t modified = row.is_null(1) ? std::numeric_limits<std::int64_t>::min()
                                                 : row.get<pg::Timestamp>(1).time_since_epoch().count();
    take(row.get<std::string_view>(0), modified);
  });
}

}  // namespace store
