#include "store/components.hpp"

#include <algorithm>
#include <set>

namespace store {

namespace {

// Parameters per probe: enough that a delta needs few round trips, small enough for a plan that uses the
// index.
constexpr std::size_t probe_size = 2000;

RecordKey key_of(const pg::Row& row) {
  const auto source = advisory::source_from(row.get<std::string_view>(0));
  return {source.value_or(advisory::Source::osv), row.get<std::string>(1)};
}

template <std::size_t N>
std::array<std::uint8_t, N> hash_of(std::string_view bytes) {
  std::array<std::uint8_t, N> result{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), N), result.begin());
  return result;
}

class Search {
 public:
  Search(pg::Connection& connection, std::span<const std::pair<std::string, std::string>> linked)
      : connection_(connection), linked_(linked) {}

  void add_id(const std::string& id) {
    if (known_ids_.insert(id).second) {
      to_probe_.push_back(id);
      for (const auto& [a, b] : linked_) {
        if (a == id) add_id(b);
        if (b == id) add_id(a);
      }
    }
  }

  void probe_keys(std::span<const RecordKey> keys) {
    for (std::size_t from = 0; from < keys.size(); from += probe_size) {
      std::vector<std::string_view> sources;
      std::vector<std::string_view> record_ids;
      for (const RecordKey& key : keys.subspan(from, std::min(probe_size, keys.size() - from))) {
        sources.push_back(advisory::to_string(key.source));
        record_ids.push_back(key.record_id);
      }
      take(connection_.query(
          {"members by key",
           "SELECT r.source, r.record_id, r.claims FROM source_records r"
           " JOIN unnest($1::text[], $2::text[]) k (source, record_id) USING (source, record_id)"
           " WHERE r.removed_at IS NULL"},
          sources, record_ids));
    }
  }

  void probe_ids() {
    while (!to_probe_.empty()) {
      const std::vector<std::string> round = std::move(to_probe_);
      to_probe_.clear();
      for (std::size_t from = 0; from < round.size(); from += probe_size) {
        const std::span<const std::string> part =
            std::span(round).subspan(from, std::min(probe_size, round.size() - from));
        // One index descent per id; `claims && $1` with thousands of ids is quadratic inside a GIN scan.
        take(connection_.query({"members by claim",
                                "SELECT r.source, r.record_id, r.claims FROM unnest($1::text[]) k (id)"
                                " JOIN source_records r ON r.claims @> ARRAY[k.id] AND r.removed_at IS NULL"},
                               part));
      }
    }
  }

  std::vector<Member> finish() {
    std::sort(members_.begin(), members_.end(),
              [](const Member& a, const Member& b) { return a.key < b.key; });
    return std::move(members_);
  }

 private:
  void take(const pg::Result& rows) {
    for (const auto row : rows) {
      Member member{key_of(row), row.get<std::vector<std::string>>(2)};
      if (!known_keys_.insert(member.key).second) continue;
      for (const std::string& id : member.claims) add_id(id);
      members_.push_back(std::move(member));
    }
  }

  pg::Connection& connection_;
  std::span<const std::pair<std::string, std::string>> linked_;
  std::set<std::string> known_ids_;
  std::set<RecordKey> known_keys_;
  std::vector<std::string> to_probe_;
  std::vector<Member> members_;
};

}  // namespace

std::vector<Member> find_components(pg::Connection& connection, std::span<const RecordKey> keys,
                                    std::vector<std::string> ids,
                                    std::span<const std::pair<std::string, std::string>> linked) {
  const pg::Transaction transaction(connection, pg::Transaction::Mode::read_only_snapshot);
  // The planner knows nothing of the length of an array parameter, and a sequential scan per probe is what
  // must never happen.
  connection.exec({"probe by index",
                   "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off;"
                   " SET LOCAL enable_mergejoin = off"});
  Search search(connection, linked);
  search.probe_keys(keys);
  for (const std::string& id : ids) search.add_id(id);
  search.probe_ids();
  return search.finish();
}

void for_each_member(pg::Connection& connection, const std::function<void(Member&&)>& take) {
  connection.copy_out(
      {"every member", "SELECT source, record_id, claims FROM source_records WHERE removed_at IS NULL"},
      [&take](const pg::CopyRow& row) {
        const auto source = advisory::source_from(row.get<std::string_view>(0));
        take({{source.value_or(advisory::Source::osv), row.get<std::string>(1)},
              row.get<std::vector<std::string>>(2)});
      });
}

std::vector<StoredRecord> read_records(pg::Connection& connection, std::span<const RecordKey* const> keys,
                                       const Dictionaries& dictionaries,
                                       base::ZstdDecompressor& decompressor) {
  if (keys.empty()) return {};
  std::vector<std::string_view> sources;
  std::vector<std::string_view> record_ids;
  for (const RecordKey* key : keys) {
    sources.push_back(advisory::to_string(key->source));
    record_ids.push_back(key->record_id);
  }
  const auto rows = connection.query(
      {"read records",
       "SELECT r.source, r.record_id, r.uid, r.content_hash, r.raw_hash, r.stale, r.removed_at IS NOT NULL,"
       " r.location, r.raw FROM source_records r"
       " JOIN unnest($1::text[], $2::text[]) k (source, record_id) USING (source, record_id)"},
      sources, record_ids);
  std::vector<StoredRecord> result;
  for (const auto row : rows) {
    StoredRecord record{key_of(row),
                        row.get<std::optional<std::int64_t>>(2),
                        hash_of<32>(row.get<std::string_view>(3)),
                        hash_of<16>(row.get<std::string_view>(4)),
                        row.get<bool>(5),
                        row.get<bool>(6),
                        row.get<std::string>(7),
                        {}};
    dictionaries.decompress(decompressor, row.get<std::string_view>(8), record.raw);
    result.push_back(std::move(record));
  }
  std::sort(result.begin(), result.end(),
            [](const StoredRecord& a, const StoredRecord& b) { return a.key < b.key; });
  return result;
}

std::vector<StoredVulnerability> read_vulnerabilities(pg::Connection& connection,
                                                      std::span<const std::int64_t> uids) {
  if (uids.empty()) return {};
  std::vector<StoredVulnerability> result;
  const auto rows = connection.query(
      {"read vulnerabilities",
       "SELECT uid, id, document_hash, withdrawn IS NOT NULL, first_seen FROM vulnerabilities"
       " WHERE uid = ANY($1) ORDER BY uid"},
      uids);
  for (const auto row : rows)
    result.push_back({row.get<std::int64_t>(0),
                      row.get<std::string>(1),
                      hash_of<32>(row.get<std::string_view>(2)),
                      row.get<bool>(3),
                      {},
                      row.get<pg::Timestamp>(4).time_since_epoch().count()});
  const auto aliases = connection.query(
      {"read aliases", "SELECT uid, alias, kind FROM vulnerability_aliases WHERE uid = ANY($1)"}, uids);
  for (const auto row : aliases) {
    const auto uid = row.get<std::int64_t>(0);
    const auto at = std::lower_bound(result.begin(), result.end(), uid,
                                     [](const StoredVulnerability& v, std::int64_t u) { return v.uid < u; });
    if (at == result.end() || at->uid != uid) continue;
    const auto word = row.get<std::string_view>(2);
    for (const AliasKind kind : {AliasKind::id, AliasKind::alias, AliasKind::former, AliasKind::related})
      if (to_string(kind) == word) at->aliases.push_back({row.get<std::string>(1), kind});
  }
  for (StoredVulnerability& vulnerability : result)
    std::sort(vulnerability.aliases.begin(), vulnerability.aliases.end());
  return result;
}

std::vector<std::pair<std::int64_t, std::string>> read_documents(pg::Connection& connection,
                                                                 std::span<const std::int64_t> uids) {
  std::vector<std::pair<std::int64_t, std::string>> result;
  if (uids.empty()) return result;
  const auto rows = connection.query(
      {"read documents", "SELECT uid, document::text FROM vulnerabilities WHERE uid = ANY($1) ORDER BY uid"},
      uids);
  for (const auto row : rows) result.emplace_back(row.get<std::int64_t>(0), row.get<std::string>(1));
  return result;
}

}  // namespace store
