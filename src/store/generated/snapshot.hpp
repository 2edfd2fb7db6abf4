// Written by `make sql-generate` from sql/snapshot.sql. Do not edit.
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

struct ExportTransactionRow {
  std::string snapshot;
};

/// Lets other connections see what this transaction sees, as long as it is open.
std::optional<ExportTransactionRow> export_transaction(pg::Connection& connection);

struct SnapshotPositionRow {
  std::string feed_id;
  std::int64_t changes_cursor = 0;
};

std::optional<SnapshotPositionRow> snapshot_position(pg::Connection& connection);

struct DocumentsOfRow {
  std::int64_t uid = 0;
  std::string id;
  std::string document;
  std::string document_hash;
};

/// In the order of the uids.
std::vector<DocumentsOfRow> documents_of(pg::Connection& connection, std::span<const std::int64_t> uids);

struct CountRowsRow {
  std::int64_t vulnerabilities = 0;
  std::int64_t vulnerability_aliases = 0;
  std::int64_t affected_packages = 0;
};

/// The tables that consumers get.
std::optional<CountRowsRow> count_rows(pg::Connection& connection);

struct CountLicensesRow {
  std::string source;
  std::string license;
  std::int64_t records = 0;
};

std::vector<CountLicensesRow> count_licenses(pg::Connection& connection);

struct CountDeferredIndexesRow {
  std::int64_t indexes = 0;
};

std::optional<CountDeferredIndexesRow> count_deferred_indexes(pg::Connection& connection);

struct RelationsOfSchemaRow {
  std::string name;
};

/// Tables, views and sequences, whatever made them.
std::vector<RelationsOfSchemaRow> relations_of_schema(pg::Connection& connection);

/// Whoever has the turn in a directory knows that no other export into it is alive.
void abandon_exports(pg::Connection& connection, std::string_view location);

void begin_export(pg::Connection& connection, std::string_view version,
                  std::span<const std::string_view> formats, std::string_view location);

void finish_export(pg::Connection& connection, std::string_view state, pg::Json manifest,
                   std::string_view version, std::string_view location);

void note_removed_export(pg::Connection& connection, std::string_view version, std::string_view location);

}  // namespace store::sql
