#include "pipeline/batch_load.hpp"

#include <algorithm>
#include <variant>

#include "base/log.hpp"
#include "parse/parse.hpp"

namespace pipeline {

namespace {

const store::StoredRecord* find_stored(const std::vector<store::StoredRecord>& stored,
                                       advisory::Source source, std::string_view record_id) {
  const auto at = std::lower_bound(stored.begin(), stored.end(), std::tie(source, record_id),
                                   [](const store::StoredRecord& record, const auto& wanted) {
                                     const std::string_view id = record.key.record_id;
                                     return std::tie(record.key.source, id) < wanted;
                                   });
  if (at == stored.end() || at->key.source != source || at->key.record_id != record_id) return nullptr;
  return &*at;
}

}  // namespace

BatchLoader::BatchLoader(const Worklist& work, const store::Dictionaries& dictionaries)
    : work_(work), dictionaries_(dictionaries), readers_(work.sources.size()) {}

LoadedBatch BatchLoader::load(std::span<const WorkItem> items, pg::Connection* connection,
                              base::Arena& arena) {
  LoadedBatch loaded;
  if (connection != nullptr) load_stored(items, *connection, arena, loaded);
  for (const WorkItem& item : items)
    if (item.source != WorkItem::stored_records) load_changed(item, arena, loaded);
  return loaded;
}

void BatchLoader::load_stored(std::span<const WorkItem> items, pg::Connection& connection, base::Arena& arena,
                              LoadedBatch& loaded) {
  std::vector<const StoredMember*> members;
  std::vector<const store::RecordKey*> keys;
  for (const WorkItem& item : items) {
    if (item.source != WorkItem::stored_records) continue;
    members.push_back(&work_.stored[item.index]);
    keys.push_back(&work_.stored[item.index].key);
  }
  loaded.stored = store::read_records(connection, keys, dictionaries_, decompressor_);
  for (const StoredMember* member : members) {
    if (member->fate == Fate::removed) loaded.removed.push_back(member->key);
    if (member->fate == Fate::removed || member->fate == Fate::replaced) continue;
    const store::StoredRecord* stored = find_stored(loaded.stored, member->key.source, member->key.record_id);
    if (stored == nullptr || stored->removed) continue;
    auto parsed = parse::parse(stored->key.source, stored->location, stored->raw, arena);
    if (auto* advisory = std::get_if<advisory::Advisory>(&parsed)) {
      loaded.live.push_back({std::move(*advisory), stored->raw, stored->location, stored, false, true,
                             stored->stale || member->fate == Fate::turned_stale});
    } else {
      // Its bytes were good when they were stored, so this program reads more strictly than the one before.
      base::log::warn("a stored record cannot be read any more and contributes nothing",
                      {{"source", advisory::to_string(stored->key.source)},
                       {"record", stored->key.record_id},
                       {"reason", parse::to_string(std::get<parse::Refusal>(parsed).reason)}});
    }
  }
}

void BatchLoader::load_changed(const WorkItem& item, base::Arena& arena, LoadedBatch& loaded) {
  const SourceWork& source = *work_.sources[item.source];
  const ChangedRecord& record = source.scan.changed[item.index];
  auto& reader = readers_[item.source];
  if (!reader) reader = source.collection->reader();
  const std::string_view bytes = arena.copy(reader->read(record.candidate));
  const std::string_view location = arena.copy(source.collection->candidate(record.candidate).location);
  auto parsed = parse::parse(source.source, location, bytes, arena);
  // The first pass has parsed the same bytes, so this is an Advisory.
  auto& advisory = std::get<advisory::Advisory>(parsed);
  const store::StoredRecord* stored = find_stored(loaded.stored, source.source, advisory.record_id);
  loaded.live.push_back(
      {std::move(advisory), bytes, location, stored, true, record.stored != no_entry, false});
}

}  // namespace pipeline
