#include "store/quarantine.hpp"

#include <algorithm>

namespace store {

std::map<std::string, base::Fast128, std::less<>> load_quarantine(pg::Connection& connection,
                                                                  advisory::Source source) {
  std::map<std::string, base::Fast128, std::less<>> result;
  const auto rows =
      connection.query({"load quarantine", "SELECT record_id, raw_hash FROM quarantine WHERE source = $1"},
                       advisory::to_string(source));
  for (const auto row : rows) {
    const auto bytes = row.get<std::string_view>(1);
    std::copy_n(bytes.begin(), std::min(bytes.size(), sizeof(base::Fast128)),
                result[row.get<std::string>(0)].begin());
  }
  return result;
}

void put_quarantined(pg::Connection& connection, const QuarantinedRecord& record, std::int64_t run_id,
                     pg::Timestamp now) {
  connection.query({"quarantine a record",
                    "INSERT INTO quarantine (source, record_id, reason, detail, location, run_id, first_seen,"
                    " last_seen, raw_hash, raw) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9)"
                    " ON CONFLICT (source, record_id) DO UPDATE SET reason = excluded.reason,"
                    " detail = excluded.detail, location = excluded.location, run_id = excluded.run_id,"
                    " last_seen = excluded.last_seen, raw_hash = excluded.raw_hash, raw = excluded.raw"},
                   advisory::to_string(record.source), record.record_id, record.reason, record.detail,
                   record.location, run_id, now, pg::Bytes(record.raw_hash), pg::Bytes(record.frame));
}

void touch_quarantined(pg::Connection& connection, advisory::Source source,
                       std::span<const std::string> record_ids, std::int64_t run_id, pg::Timestamp now) {
  if (record_ids.empty()) return;
  connection.query(
      {"quarantined again",
       "UPDATE quarantine SET last_seen = $3, run_id = $4 WHERE source = $1 AND record_id = ANY($2)"},
      advisory::to_string(source), record_ids, now, run_id);
}

void release_quarantined(pg::Connection& connection, advisory::Source source,
                         std::span<const std::string> record_ids) {
  if (record_ids.empty()) return;
  connection.query(
      {"release from quarantine", "DELETE FROM quarantine WHERE source = $1 AND record_id = ANY($2)"},
      advisory::to_string(source), record_ids);
}

}  // namespace store
