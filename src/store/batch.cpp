#include "store/batch.hpp"

#include "base/utf8.hpp"

#include <chrono>

#include "advisory/timestamp.hpp"
#include "store/generated/batch.hpp"
#include "store/lease.hpp"

namespace store {

namespace {

pg::Timestamp timestamp(advisory::Instant instant) {
  return pg::Timestamp(std::chrono::microseconds(advisory::to_microseconds(instant)));
}

void add_time(pg::RowBuffer& rows, const std::optional<advisory::Instant>& instant) {
  if (instant)
    rows.add_timestamptz(timestamp(*instant));
  else
    rows.add_null();
}

void add_text_or_null(pg::RowBuffer& rows, std::string_view text) {
  if (text.empty())
    rows.add_null();
  else
    rows.add_text(text);
}

void add_array_or_null(pg::RowBuffer& rows, const std::vector<std::string_view>& texts) {
  if (texts.empty())
    rows.add_null();
  else
    rows.add_text_array(texts);
}

// "2021-12-10"; parsers let nothing else through.
void add_date_or_null(pg::RowBuffer& rows, std::string_view text) {
  const auto instant = advisory::parse_instant(text);
  if (text.empty() || !instant)
    rows.add_null();
  else
    rows.add_date(std::chrono::floor<std::chrono::days>(timestamp(*instant)));
}

// Two parallel arrays, for unnest.
struct KeyArrays {
  std::vector<std::string_view> sources;
  std::vector<std::string_view> record_ids;

  explicit KeyArrays(const std::vector<RecordKey>& keys) {
    for (const RecordKey& key : keys) {
      sources.push_back(advisory::to_string(key.source));
      record_ids.push_back(key.record_id);
    }
  }
};

// Of the column's text: PostgreSQL indexes the words of a megabyte at most. The document has all of it.
constexpr std::size_t longest_summary = 100'000;

}  // namespace

void Batch::put_vulnerability(std::int64_t uid, const StoredVulnerability* replaces,
                              const advisory::Vulnerability& vulnerability) {
  if (replaces != nullptr)
    old_vulnerabilities_.push_back(uid);
  else
    ++more_vulnerabilities_;
  pg::RowBuffer& row = vulnerabilities_;
  row.begin_row(18);
  row.add_int8(uid);
  row.add_text(vulnerability.id);
  row.add_text_array(vulnerability.aliases);
  std::vector<std::string_view> sources;
  for (const advisory::Source source : vulnerability.sources) sources.push_back(advisory::to_string(source));
  row.add_text_array(sources);
  add_text_or_null(row, base::cut_utf8(vulnerability.summary, longest_summary));
  add_text_or_null(row, vulnerability.details);
  row.add_text(advisory::to_string(vulnerability.severity));
  if (vulnerability.cvss_score_tenths)
    row.add_numeric_tenths(*vulnerability.cvss_score_tenths);
  else
    row.add_null();
  add_text_or_null(row, vulnerability.cvss_vector);
  row.add_text_array(vulnerability.cwe_ids);
  add_date_or_null(row, vulnerability.kev_added);
  add_time(row, vulnerability.published);
  add_time(row, vulnerability.modified);
  add_time(row, vulnerability.withdrawn);
  row.add_timestamptz(replaces != nullptr ? pg::Timestamp(std::chrono::microseconds(replaces->first_seen_us))
                                          : now_);
  row.add_timestamptz(now_);
  row.add_jsonb(vulnerability.canonical);
  row.add_bytea(vulnerability.document_hash);
  row.end_row();
  put_packages(uid, vulnerability);
}

void Batch::put_packages(std::int64_t uid, const advisory::Vulnerability& vulnerability) {
  std::int32_t ordinal = 0;
  for (const advisory::Package& package : vulnerability.packages) {
    packages_.begin_row(12);
    packages_.add_int8(uid);
    packages_.add_int4(ordinal++);
    packages_.add_text(package.ecosystem);
    packages_.add_text(package.ecosystem_base);
    packages_.add_text(package.name);
    packages_.add_text(package.name_normalized);
    add_text_or_null(packages_, package.purl);
    if (package.ranges.is_empty())
      packages_.add_null();
    else
      packages_.add_jsonb(base::json::write(package.ranges));
    add_array_or_null(packages_, package.versions);
    add_array_or_null(packages_, package.fixed_versions);
    packages_.add_text(advisory::to_string(package.source));
    packages_.add_text(package.record_id);
    packages_.end_row();
  }
}

void Batch::put_aliases(std::int64_t uid, bool replaces, std::span<const AliasRow> aliases) {
  if (replaces) old_aliases_.push_back(uid);
  for (const AliasRow& alias : aliases) {
    aliases_.begin_row(3);
    aliases_.add_text(alias.alias);
    aliases_.add_int8(uid);
    aliases_.add_text(to_string(alias.kind));
    aliases_.end_row();
  }
}

void Batch::end_vulnerability(std::int64_t uid) {
  --more_vulnerabilities_;
  old_vulnerabilities_.push_back(uid);
  old_aliases_.push_back(uid);
}

void Batch::put_record(bool replaces, bool is_new, const RecordRow& record) {
  const advisory::Advisory& advisory = *record.advisory;
  if (is_new) ++more_records_[advisory.source];
  if (replaces) old_records_.push_back({advisory.source, std::string(advisory.record_id)});
  records_.begin_row(15);
  records_.add_text(advisory::to_string(advisory.source));
  records_.add_text(advisory.record_id);
  records_.add_int8(record.uid);
  records_.add_text(advisory.own_id);
  records_.add_text_array(advisory.claims);
  add_time(records_, advisory.modified);
  add_time(records_, advisory.withdrawn);
  records_.add_bool(advisory.retracted);
  records_.add_bool(record.stale);
  records_.add_bytea(advisory.content_sha256);
  records_.add_bytea(record.raw_hash);
  records_.add_text(record.location);
  add_text_or_null(records_, advisory.license);
  records_.add_null();  // removed_at
  records_.add_bytea(record.frame);
  records_.end_row();
}

void Batch::update_record(const RecordKey& key, std::int64_t uid, bool stale) {
  updated_.push_back(key);
  updated_uids_.push_back(uid);
  updated_stale_.push_back(stale);
}

void Batch::remove_record(const RecordKey& key) {
  removed_.push_back(key);
  --more_records_[key.source];
}

bool Batch::empty() const {
  return vulnerabilities_.empty() && aliases_.empty() && packages_.empty() && records_.empty() &&
         old_vulnerabilities_.empty() && old_aliases_.empty() && updated_.empty() && removed_.empty() &&
         changes_.empty();
}

void Batch::clear() {
  // One enormous batch does not hold its memory for ever.
  constexpr std::size_t kept = std::size_t{32} << 20;
  for (pg::RowBuffer* rows : {&vulnerabilities_, &aliases_, &packages_, &records_}) {
    if (rows->bytes().size() > kept) *rows = pg::RowBuffer();
    rows->clear();
  }
  old_vulnerabilities_.clear();
  old_aliases_.clear();
  old_records_.clear();
  updated_.clear();
  updated_uids_.clear();
  updated_stale_.clear();
  removed_.clear();
  more_records_.clear();
  more_vulnerabilities_ = 0;
  changes_.clear();
  transaction_.clear();
}

void Batch::write(pg::Connection& connection, std::int64_t epoch,
                  const std::function<void(pg::Connection&)>& within) {
  if (empty() && !within) return;
  pg::Transaction transaction(connection);
  if (within) within(connection);
  delete_replaced(connection);
  copy_new(connection);
  update_records(connection);
  write_changes(connection, epoch);
  count_records(connection);
  transaction.commit();
}

void Batch::delete_replaced(pg::Connection& connection) const {
  if (!old_vulnerabilities_.empty()) {
    sql::delete_vulnerabilities(connection, old_vulnerabilities_);
    sql::delete_packages(connection, old_vulnerabilities_);
  }
  if (!old_aliases_.empty()) sql::delete_aliases(connection, old_aliases_);
  if (!old_records_.empty()) {
    const KeyArrays keys(old_records_);
    sql::delete_records(connection, keys.sources, keys.record_ids);
  }
}

void Batch::copy_new(pg::Connection& connection) const {
  pg::copy_rows(connection, "vulnerabilities",
                {"uid", "id", "aliases", "sources", "summary", "details", "severity", "cvss_score",
                 "cvss_vector", "cwe_ids", "kev_added", "published", "modified", "withdrawn", "first_seen",
                 "updated_at", "document", "document_hash"},
                vulnerabilities_);
  pg::copy_rows(connection, "vulnerability_aliases", {"alias", "uid", "kind"}, aliases_);
  pg::copy_rows(connection, "affected_packages",
                {"uid", "ordinal", "ecosystem", "ecosystem_base", "name", "name_normalized", "purl", "ranges",
                 "versions", "fixed_versions", "source", "record_id"},
                packages_);
  pg::copy_rows(connection, "source_records",
                {"source", "record_id", "uid", "own_id", "claims", "modified", "withdrawn", "retracted",
                 "stale", "content_hash", "raw_hash", "location", "license", "removed_at", "raw"},
                records_);
}

void Batch::update_records(pg::Connection& connection) const {
  if (!updated_.empty()) {
    const KeyArrays keys(updated_);
    std::vector<std::string_view> stale;
    for (const bool flag : updated_stale_) stale.emplace_back(flag ? "true" : "false");
    sql::update_records(connection, keys.sources, keys.record_ids, updated_uids_, stale);
  }
  if (!removed_.empty()) {
    const KeyArrays keys(removed_);
    sql::mark_records_removed(connection, now_, keys.sources, keys.record_ids);
  }
}

// After the feed's row was locked: batches that are written side by side meet there, and nowhere else.
void Batch::count_records(pg::Connection& connection) const {
  std::vector<std::string_view> sources;
  std::vector<std::int64_t> more;
  for (const auto& [source, count] : more_records_) {
    sources.push_back(advisory::to_string(source));
    more.push_back(count);
  }
  if (!sources.empty()) sql::count_records(connection, sources, more);
}

void Batch::write_changes(pg::Connection& connection, std::int64_t epoch) {
  const auto count = static_cast<std::int64_t>(changes_.size());
  const auto taken = sql::take_cursors(connection, count, more_vulnerabilities_, epoch);
  if (!taken)
    throw LeaseError("another writer took over this database: the batch was rolled back, nothing is lost");
  transaction_ = taken->transaction;
  std::int64_t cursor = taken->value - count;
  pg::RowBuffer rows;
  for (const FeedEntry& change : changes_) {
    rows.begin_row(9);
    rows.add_int8(++cursor);
    rows.add_int8(change.uid);
    rows.add_text(change.id);
    rows.add_text_array(change.other_ids);
    rows.add_text(to_string(change.kind));
    rows.add_text_array(change.fields);
    if (change.document_hash)
      rows.add_bytea(*change.document_hash);
    else
      rows.add_null();
    rows.add_int8(run_id_);
    rows.add_timestamptz(now_);
    rows.end_row();
  }
  pg::copy_rows(connection, "changes",
                {"cursor", "uid", "id", "other_ids", "kind", "fields", "document_hash", "run_id", "at"},
                rows);
}

}  // namespace store
