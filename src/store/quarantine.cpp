#include "store/quarantine.hpp"

#include <algorithm>

#include "store/generated/quarantine.hpp"

namespace store {

namespace {

std::vector<std::string_view> views_of(std::span<const std::string> texts) {
  return {texts.begin(), texts.end()};
}

}  // namespace

Quarantine load_quarantine(pg::Connection& connection, advisory::Source source) {
  Quarantine result;
  for (auto& row : sql::quarantined_hashes(connection, advisory::to_string(source))) {
    Quarantined& entry = result[row.record_id];
    entry.location = std::move(row.location);
    std::copy_n(row.raw_hash.begin(), std::min(row.raw_hash.size(), sizeof(base::Fast128)),
                entry.raw_hash.begin());
  }
  return result;
}

void put_quarantined(pg::Connection& connection, const QuarantinedRecord& record, std::int64_t run_id,
                     pg::Timestamp now) {
  sql::put_quarantined(connection, advisory::to_string(record.source), record.record_id, record.reason,
                       record.detail, record.location, run_id, now, record.listed_at,
                       pg::Bytes(record.raw_hash), pg::Bytes(record.frame));
}

void touch_quarantined(pg::Connection& connection, advisory::Source source,
                       std::span<const std::string> record_ids, std::int64_t run_id, pg::Timestamp now) {
  if (record_ids.empty()) return;
  sql::touch_quarantined(connection, now, run_id, advisory::to_string(source), views_of(record_ids));
}

void release_quarantined(pg::Connection& connection, advisory::Source source,
                         std::span<const std::string> record_ids) {
  if (record_ids.empty()) return;
  sql::release_quarantined(connection, advisory::to_string(source), views_of(record_ids));
}

}  // namespace store
