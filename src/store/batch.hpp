// One batch: everything that changes for some whole components, written in one transaction.
//
// Rows are deleted by arrays of keys and written anew by binary COPY; rows that do not change are not
// touched. The last statements take the change-feed cursors from the one row that is both the feed's counter
// and the fence: where the writer's epoch is no longer in it, no row comes back and the batch rolls back.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/vulnerability.hpp"
#include "pg/connection.hpp"
#include "pg/copy.hpp"
#include "store/components.hpp"
#include "store/plan.hpp"

namespace store {

/// A source record to be written, its bytes included.
struct RecordRow {
  const advisory::Advisory* advisory = nullptr;
  std::int64_t uid = 0;
  bool stale = false;
  base::Fast128 raw_hash{};
  std::string_view location;
  std::string_view frame;  // the raw bytes, compressed
};

/// A feed entry that is complete but for its cursor.
struct FeedEntry {
  ChangeKind kind = ChangeKind::updated;
  std::int64_t uid = 0;
  std::string id;
  std::vector<std::string> other_ids;
  std::vector<std::string> fields;  // the document's top-level members that differ
  std::optional<base::Sha256> document_hash;
};

class Batch {
 public:
  /// `now` is the time of the run, for first_seen, updated_at, removed_at and changes.at.
  Batch(std::int64_t run_id, pg::Timestamp now) : run_id_(run_id), now_(now) {}

  /// `replaces` is the row that is stored under this uid, if any.
  void put_vulnerability(std::int64_t uid, const StoredVulnerability* replaces,
                         const advisory::Vulnerability& vulnerability);
  void put_aliases(std::int64_t uid, bool replaces, std::span<const AliasRow> aliases);
  /// The vulnerability goes on nowhere.
  void end_vulnerability(std::int64_t uid);
  /// `replaces` tells that a row with its key is stored, `is_new` that none is that is live.
  void put_record(bool replaces, bool is_new, const RecordRow& record);
  /// A record whose bytes stay and whose place or flag changes.
  void update_record(const RecordKey& key, std::int64_t uid, bool stale);
  /// A live record that contributes no more.
  void remove_record(const RecordKey& key);
  void add_change(FeedEntry entry) { changes_.push_back(std::move(entry)); }

  bool empty() const;

  /// Forgets everything, for the next batch, and keeps memory of the usual size.
  void clear();

  /// Writes everything in one transaction, together with what `within` does, if anything. Throws pg::Error,
  /// or LeaseError when `epoch` is no longer the feed's; nothing is written then.
  void write(pg::Connection& connection, std::int64_t epoch,
             const std::function<void(pg::Connection&)>& within = {});
  /// The transaction in which write() has written everything, and maybe lost the answer to COMMIT; empty
  /// where it did not get so far.
  const std::string& transaction() const { return transaction_; }

 private:
  void delete_replaced(pg::Connection& connection) const;
  void copy_new(pg::Connection& connection) const;
  void update_records(pg::Connection& connection) const;
  void count_records(pg::Connection& connection) const;
  void write_changes(pg::Connection& connection, std::int64_t epoch);
  void put_packages(std::int64_t uid, const advisory::Vulnerability& vulnerability);

  std::int64_t run_id_;
  pg::Timestamp now_;
  pg::RowBuffer vulnerabilities_;
  pg::RowBuffer aliases_;
  pg::RowBuffer packages_;
  pg::RowBuffer records_;
  std::vector<std::int64_t> old_vulnerabilities_;
  std::vector<std::int64_t> old_aliases_;
  std::vector<RecordKey> old_records_;
  std::vector<RecordKey> updated_;
  std::vector<std::int64_t> updated_uids_;
  std::vector<bool> updated_stale_;
  std::vector<RecordKey> removed_;
  std::map<advisory::Source, std::int64_t> more_records_;  // live ones, negative where there are fewer
  std::int64_t more_vulnerabilities_ = 0;
  std::vector<FeedEntry> changes_;
  std::string transaction_;  // as pg_current_xact_id()
};

}  // namespace store
