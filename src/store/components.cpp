#include "store/components.hpp"

#include <algorithm>
#include <set>

#include "store/generated/components.hpp"

namespace store {

namespace {

// Parameters per probe: enough that a delta needs few round trips, small enough for a plan that uses the
// index.
constexpr std::size_t probe_size = 2000;

RecordKey key_of(std::string_view source, std::string_view record_id) {
  return {advisory::source_from(source).value_or(advisory::Source::osv), std::string(record_id)};
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
      take(sql::members_by_key(connection_, sources, record_ids));
    }
  }

  void probe_ids() {
    while (!to_probe_.empty()) {
      const std::vector<std::string> round = std::move(to_probe_);
      to_probe_.clear();
      for (std::size_t from = 0; from < round.size(); from += probe_size) {
        const auto part = std::span(round).subspan(from, std::min(probe_size, round.size() - from));
        take(sql::members_by_claim(connection_, std::vector<std::string_view>(part.begin(), part.end())));
      }
    }
  }

  std::vector<Member> finish() {
    std::sort(members_.begin(), members_.end(),
              [](const Member& a, const Member& b) { return a.key < b.key; });
    return std::move(members_);
  }

 private:
  template <typename MemberRow>
  void take(std::vector<MemberRow> rows) {
    for (MemberRow& row : rows) {
      Member member{key_of(row.source, row.record_id), std::move(row.claims)};
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
                                    const std::vector<std::string>& ids,
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
  sql::every_member(connection, [&take](const sql::EveryMemberRow& row) {
    take({key_of(row.source, row.record_id), {row.claims.begin(), row.claims.end()}});
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
  std::vector<StoredRecord> result;
  for (auto& row : sql::read_records(connection, sources, record_ids)) {
    StoredRecord record{key_of(row.source, row.record_id), row.uid,   hash_of<32>(row.content_hash),
                        hash_of<16>(row.raw_hash),         row.stale, row.removed,
                        std::move(row.location),           {}};
    dictionaries.decompress(decompressor, row.raw, record.raw);
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
  for (auto& row : sql::read_vulnerabilities(connection, uids))
    result.push_back({row.uid,
                      std::move(row.id),
                      hash_of<32>(row.document_hash),
                      row.withdrawn,
                      {},
                      row.first_seen.time_since_epoch().count()});
  for (auto& row : sql::read_aliases(connection, uids)) {
    const auto at = std::lower_bound(result.begin(), result.end(), row.uid,
                                     [](const StoredVulnerability& v, std::int64_t u) { return v.uid < u; });
    if (at == result.end() || at->uid != row.uid) continue;
    for (const AliasKind kind : {AliasKind::id, AliasKind::alias, AliasKind::former, AliasKind::related})
      if (to_string(kind) == row.kind) at->aliases.push_back({std::move(row.alias), kind});
  }
  for (StoredVulnerability& vulnerability : result)
    std::sort(vulnerability.aliases.begin(), vulnerability.aliases.end());
  return result;
}

std::vector<std::pair<std::int64_t, std::string>> read_documents(pg::Connection& connection,
                                                                 std::span<const std::int64_t> uids) {
  std::vector<std::pair<std::int64_t, std::string>> result;
  if (uids.empty()) return result;
  for (auto& row : sql::read_documents(connection, uids))
    result.emplace_back(row.uid, std::move(row.document));
  return result;
}

}  // namespace store
