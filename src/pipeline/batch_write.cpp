#include "pipeline/batch_write.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "pipeline/batch_worker.hpp"
#include "pipeline/changed_fields.hpp"
#include "store/plan.hpp"

namespace pipeline {

namespace {

class BatchWrite {
 public:
  BatchWrite(const LoadedBatch& loaded, const Groups& groups, const BatchContext& context,
             pg::Connection* connection, store::Batch& batch, base::ZstdCompressor& compressor,
             base::Arena& arena)
      : loaded_(loaded),
        groups_(groups),
        context_(context),
        connection_(connection),
        compressor_(compressor),
        arena_(arena),
        batch_(batch) {
    batch_.clear();
  }

  void run(BatchCounts& counts) {
    read_stored_vulnerabilities();
    plan_ = store::plan_batch(stored_, describe_groups());
    count_records(counts);
    count_changes(counts);
    if (context_.dry_run) return;
    choose_uids();
    put_groups();
    put_records();
    put_changes();
    counts.complete = true;
    batch_.write(*connection_, context_.epoch, context_.within);
  }

 private:
  void read_stored_vulnerabilities() {
    if (connection_ == nullptr) return;
    std::set<std::int64_t> uids;
    for (const store::StoredRecord& record : loaded_.stored)
      if (record.uid) uids.insert(*record.uid);
    stored_ = store::read_vulnerabilities(*connection_, std::vector<std::int64_t>(uids.begin(), uids.end()));
  }

  std::vector<store::NewVulnerability> describe_groups() {
    const auto& resolved = groups_.resolved;
    related_.resize(resolved.groups.size());
    for (const resolve::Shared& shared : resolved.shared)
      for (const std::uint32_t group : shared.groups) related_[group].push_back(shared.id);
    record_uids_.resize(resolved.groups.size());
    std::vector<store::NewVulnerability> result;
    for (std::size_t g = 0; g < resolved.groups.size(); ++g) {
      for (const std::uint32_t record : resolved.groups[g].records) {
        const store::StoredRecord* stored = loaded_.live[record].stored;
        if (stored != nullptr && stored->uid) record_uids_[g].push_back(*stored->uid);
      }
      result.push_back({resolved.groups[g].id, resolved.groups[g].ids, related_[g],
                        groups_.merged[g].document_hash, groups_.merged[g].withdrawn.has_value(),
                        record_uids_[g]});
    }
    return result;
  }

  void count_records(BatchCounts& counts) const {
    for (const LiveRecord& live : loaded_.live) {
      if (!live.changed) continue;
      auto& source = counts.sources[live.advisory.source];
      if (live.stored == nullptr)
        ++source.inserted;
      else if (live.stored->content_hash == live.advisory.content_sha256 && !live.stored->stale)
        ++source.unchanged;
      else
        ++source.updated;
    }
  }

  void count_changes(BatchCounts& counts) const {
    VulnerabilityReport& report = counts.vulnerabilities;
    for (const store::Change& change : plan_.changes) {
      switch (change.kind) {
        case store::ChangeKind::created:
          ++report.created;
          break;
        case store::ChangeKind::updated:
        case store::ChangeKind::restored:
          ++report.updated;
          break;
        case store::ChangeKind::withdrawn:
          ++report.withdrawn;
          break;
        case store::ChangeKind::renamed:
          ++report.renamed;
          break;
        case store::ChangeKind::merged:
          ++report.merged;
          break;
        case store::ChangeKind::split:
          ++report.split;
          break;
        case store::ChangeKind::removed:
          ++report.removed;
          break;
      }
    }
  }

  void choose_uids() {
    for (const store::GroupPlan& group : plan_.groups)
      uids_.push_back(group.uid ? *group.uid : context_.uids->next(*connection_));
  }

  void put_groups() {
    for (std::size_t g = 0; g < plan_.groups.size(); ++g) {
      const store::GroupPlan& group = plan_.groups[g];
      if (group.document_changed)
        batch_.put_vulnerability(uids_[g], group.stored ? &stored_[*group.stored] : nullptr,
                                 groups_.merged[g]);
      if (group.aliases_changed) batch_.put_aliases(uids_[g], group.stored.has_value(), group.aliases);
    }
    for (const std::int64_t uid : plan_.ended_uids) batch_.end_vulnerability(uid);
  }

  void put_records() {
    for (std::size_t g = 0; g < groups_.resolved.groups.size(); ++g)
      for (const std::uint32_t record : groups_.resolved.groups[g].records)
        put_record(loaded_.live[record], uids_[g]);
    for (const store::RecordKey& key : loaded_.removed) batch_.remove_record(key);
  }

  void put_record(const LiveRecord& live, std::int64_t uid) {
    if (!live.changed) {
      if (live.stored->uid != uid || live.stored->stale != live.stale)
        batch_.update_record(live.stored->key, uid, live.stale);
      return;
    }
    frame_.clear();
    compressor_.compress(live.bytes, context_.dictionaries->current(live.advisory.source), frame_);
    batch_.put_record(live.replaces_row, live.stored == nullptr,
                      {&live.advisory, uid, live.stale, base::fast128(live.bytes), live.location, frame_});
  }

  void put_changes() {
    const auto before = documents_before();
    for (const store::Change& change : plan_.changes) {
      store::FeedEntry entry{change.kind, change.uid, change.id, change.other_ids, {}, std::nullopt};
      if (change.group) {
        const advisory::Vulnerability& now = groups_.merged[*change.group];
        entry.uid = uids_[*change.group];
        entry.id = now.id;
        entry.document_hash = now.document_hash;
        const auto old = before.find(entry.uid);
        entry.fields = old == before.end() ? all_fields(now.document)
                                           : changed_fields(old->second, now.document, arena_);
      }
      batch_.add_change(std::move(entry));
    }
  }

  // The documents of vulnerabilities that go on and change, by uid.
  std::map<std::int64_t, std::string> documents_before() {
    std::vector<std::int64_t> uids;
    for (const store::GroupPlan& group : plan_.groups)
      if (group.stored && group.document_changed) uids.push_back(*group.uid);
    std::map<std::int64_t, std::string> result;
    for (auto& [uid, text] : store::read_documents(*connection_, uids)) result.emplace(uid, std::move(text));
    return result;
  }

  const LoadedBatch& loaded_;
  const Groups& groups_;
  const BatchContext& context_;
  pg::Connection* connection_;
  base::ZstdCompressor& compressor_;
  base::Arena& arena_;
  store::Batch& batch_;
  std::vector<store::StoredVulnerability> stored_;
  std::vector<std::vector<std::string_view>> related_;
  std::vector<std::vector<std::int64_t>> record_uids_;
  store::Plan plan_;
  std::vector<std::int64_t> uids_;  // as the groups
  std::string frame_;
};

}  // namespace

void write_batch(const LoadedBatch& loaded, const Groups& groups, const BatchContext& context,
                 pg::Connection* connection, store::Batch& batch, base::ZstdCompressor& compressor,
                 base::Arena& arena, BatchCounts& counts) {
  BatchWrite(loaded, groups, context, connection, batch, compressor, arena).run(counts);
}

}  // namespace pipeline
