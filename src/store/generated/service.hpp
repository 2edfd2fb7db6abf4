// Written by `make sql-generate` from sql/service.sql. Do not edit.
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

struct FindByIdentifiersRow {
  std::string alias;
  std::int64_t uid = 0;
  std::string id;
  std::string kind;
  std::string document;
  std::string document_hash;
  std::string feed_id;
  std::int64_t feed_cursor = 0;
};

/// As FindByIdentifier, for several identifiers at once: one statement answers all lookups that wait. Each row says
/// where the change feed stood in the state of the database that was read. PostgreSQL sees the array as a subselect,
/// which it cannot look into: so it keeps one plan, rather than making a new one at each call to fit the array.
std::vector<FindByIdentifiersRow> find_by_identifiers(pg::Connection& connection,
                                                      std::span<const std::string_view> identifiers);

struct FeedPositionRow {
  std::string feed_id;
  std::int64_t value = 0;
  std::optional<std::int64_t> oldest;
};

/// Where the change feed stands. oldest is the first change that is still kept.
std::optional<FeedPositionRow> feed_position(pg::Connection& connection);

struct IdentifiersChangedRow {
  std::int64_t uid = 0;
  std::optional<std::string> alias;
};

/// The vulnerabilities of some changes, with the identifiers that lead to them now.
std::vector<IdentifiersChangedRow> identifiers_changed(pg::Connection& connection, std::int64_t after,
                                                       std::int64_t upto);

struct ChangesWithDocumentsRow {
  std::int64_t cursor = 0;
  std::int64_t uid = 0;
  std::string id;
  std::vector<std::string> other_ids;
  std::string kind;
  std::vector<std::string> fields;
  std::optional<std::string> document_hash;
  std::int64_t run_id = 0;
  pg::Timestamp at;
  std::optional<std::string> document;
};

/// As ChangesAfter, with what each vulnerability is now.
std::vector<ChangesWithDocumentsRow> changes_with_documents(pg::Connection& connection, std::int64_t after,
                                                            std::int64_t page_size);

struct FinishedRunsRow {
  std::int64_t run_id = 0;
  std::optional<std::string> report;
};

/// The reports of the runs that ended since one of them, in order.
std::vector<FinishedRunsRow> finished_runs(pg::Connection& connection, std::int64_t after);

struct LatestUsableExportRow {
  std::string version;
};

/// The newest snapshot of a directory after which the change feed can be followed: it is of this feed, and every change
/// after it is still kept.
std::vector<LatestUsableExportRow> latest_usable_export(pg::Connection& connection,
                                                        std::string_view directory);

struct ExportManifestsRow {
  std::string version;
  std::string state;
  std::vector<std::string> formats;
  std::optional<std::string> manifest;
  pg::Timestamp created_at;
  std::optional<pg::Timestamp> finished_at;
};

/// One page of the snapshots of a directory, the newest first.
std::vector<ExportManifestsRow> export_manifests(pg::Connection& connection, std::string_view before,
                                                 std::string_view directory, std::int64_t page_size);

}  // namespace store::sql
