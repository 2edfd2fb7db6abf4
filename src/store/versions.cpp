#include "store/versions.hpp"

#include <limits>
#include <optional>

#include "base/format.hpp"
#include "store/generated/versions.hpp"

namespace store {

namespace {

constexpr std::int64_t no_time = std::numeric_limits<std::int64_t>::min();

std::int64_t microseconds(const std::optional<pg::Timestamp>& time) {
  return time ? time->time_since_epoch().count() : no_time;
}

}  // namespace

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
    take(row.get<std::string_view>(0), microseconds(row.get<std::optional<pg::Timestamp>>(1)));
  });
}

void for_some_versions(pg::Connection& connection, advisory::Source source,
                       const std::vector<std::string>& record_ids,
                       const std::function<void(std::string_view record_id, std::int64_t modified)>& take) {
  const std::vector<std::string_view> ids(record_ids.begin(), record_ids.end());
  for (const auto& row : sql::record_versions(connection, advisory::to_string(source), ids))
    take(row.record_id, microseconds(row.modified));
}

std::size_t count_versions(pg::Connection& connection, advisory::Source source) {
  const auto row = sql::count_versions(connection, advisory::to_string(source));
  return row ? static_cast<std::size_t>(row->versions) : 0;
}

}  // namespace store
