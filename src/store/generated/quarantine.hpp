// Written by `make sql-generate` from sql/quarantine.sql. Do not edit.
// clang-format off
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pg/connection.hpp"
#include "pg/typed_query.hpp"
#include "pg/types.hpp"

namespace store::sql {

struct ListQuarantineRow {
  std::string source;
  std::string record_id;
  std::string reason;
  std::string detail;
  std::string location;
  std::int64_t run_id = 0;
  pg::Timestamp first_seen;
  pg::Timestamp last_seen;
};

std::vector<ListQuarantineRow> list_quarantine(pg::Connection& connection);

struct GetQuarantinedRow {
  std::string reason;
  std::string detail;
  std::string location;
  std::int64_t run_id = 0;
  pg::Timestamp first_seen;
  pg::Timestamp last_seen;
  std::string raw;
};

std::vector<GetQuarantinedRow> get_quarantined(pg::Connection& connection, std::string_view source,
                                               std::string_view record_id);

struct QuarantinedBytesRow {
  std::string location;
  std::string raw;
};

/// The bytes of a source's quarantined records; raw is a zstd frame.
std::vector<QuarantinedBytesRow> quarantined_bytes(pg::Connection& connection, std::string_view source);

struct QuarantinedHashesRow {
  std::string record_id;
  std::string location;
  std::string raw_hash;
};

std::vector<QuarantinedHashesRow> quarantined_hashes(pg::Connection& connection, std::string_view source);

/// first_seen stays when the record was there before.
void put_quarantined(pg::Connection& connection, std::string_view source, std::string_view record_id,
                     std::string_view reason, std::string_view detail, std::string_view location,
                     std::int64_t run_id, pg::Timestamp seen_at, std::optional<pg::Timestamp> listed_at,
                     pg::Bytes raw_hash, pg::Bytes raw);

void touch_quarantined(pg::Connection& connection, pg::Timestamp seen_at, std::int64_t run_id,
                       std::string_view source, std::span<const std::string_view> record_ids);

void release_quarantined(pg::Connection& connection, std::string_view source,
                         std::span<const std::string_view> record_ids);

}  // namespace store::sql
