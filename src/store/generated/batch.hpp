// Written by `make sql-generate` from sql/batch.sql. Do not edit.
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

void delete_vulnerabilities(pg::Connection& connection, std::span<const std::int64_t> uids);

void delete_packages(pg::Connection& connection, std::span<const std::int64_t> uids);

void delete_aliases(pg::Connection& connection, std::span<const std::int64_t> uids);

/// Both arrays have one entry per record.
void delete_records(pg::Connection& connection, std::span<const std::string_view> sources,
                    std::span<const std::string_view> record_ids);

/// All arrays have one entry per record; stale holds 'true' or 'false'.
void update_records(pg::Connection& connection, std::span<const std::string_view> sources,
                    std::span<const std::string_view> record_ids, std::span<const std::int64_t> uids,
                    std::span<const std::string_view> stale);

/// Both arrays have one entry per record.
void mark_records_removed(pg::Connection& connection, pg::Timestamp removed_at,
                          std::span<const std::string_view> sources,
                          std::span<const std::string_view> record_ids);

struct TakeCursorsRow {
  std::int64_t value = 0;
  std::string transaction;
};

/// Takes the next cursors of the change feed, of which the last is returned, and counts so many vulnerabilities more, or
/// fewer. No row: another writer holds the lease.
std::optional<TakeCursorsRow> take_cursors(pg::Connection& connection, std::int64_t count, std::int64_t more,
                                           std::int64_t epoch);

/// Of each source so many live records more, or fewer. Both arrays have one entry per source.
void count_records(pg::Connection& connection, std::span<const std::string_view> sources,
                   std::span<const std::int64_t> more);

struct NextUidsRow {
  std::int64_t first = 0;
};

/// The first uid of a new block.
std::optional<NextUidsRow> next_uids(pg::Connection& connection);

struct TransactionStatusRow {
  std::optional<std::string> status;
};

/// What became of a transaction: committed, aborted or in progress.
std::optional<TransactionStatusRow> transaction_status(pg::Connection& connection,
                                                       std::string_view transaction);

}  // namespace store::sql
