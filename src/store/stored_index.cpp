#include "store/stored_index.hpp"

#include <algorithm>

#include "pg/error.hpp"
#include "store/generated/components.hpp"

namespace store {

namespace {
constexpr std::uint32_t empty_slot = UINT32_MAX;

base::Fast128 hash_of(std::string_view bytes) {
  base::Fast128 hash{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
  return hash;
}

}  // namespace

StoredIndex StoredIndex::load(pg::Connection& connection, advisory::Source source) {
  StoredIndex index(source);
  // Not in sql/: a COPY takes no parameters.
  const std::string select =
      "SELECT record_id, location, raw_hash, removed_at IS NOT NULL, stale, retracted FROM source_records"
      " WHERE source = " +
      pg::quote_literal(advisory::to_string(source));
  connection.copy_out({"load record hashes", select}, [&index](const pg::CopyRow& row) {
    index.add(row.get<std::string_view>(0), row.get<std::string_view>(1),
              hash_of(row.get<std::string_view>(2)), {row.get<bool>(3), row.get<bool>(4), row.get<bool>(5)});
  });
  return index;
}

StoredIndex StoredIndex::load_some(pg::Connection& connection, advisory::Source source,
                                   std::vector<std::string> record_ids, std::size_t live) {
  StoredIndex index(source);
  const std::vector<std::string_view> ids(record_ids.begin(), record_ids.end());
  for (const auto& row : sql::record_hashes(connection, advisory::to_string(source), ids))
    index.add(row.record_id, row.location, hash_of(row.raw_hash), {row.removed, row.stale, row.retracted});
  index.live_ = live;
  std::sort(record_ids.begin(), record_ids.end());
  index.loaded_ = std::move(record_ids);
  return index;
}

bool StoredIndex::covers(std::string_view record_id) const {
  return !loaded_ || std::binary_search(loaded_->begin(), loaded_->end(), record_id);
}

void StoredIndex::add(std::string_view record_id, std::string_view location, const base::Fast128& raw_hash,
                      Flags flags) {
  const auto entry = static_cast<std::uint32_t>(hashes_.size());
  offsets_.push_back(text_.size());
  text_ += record_id;
  offsets_.push_back(text_.size());
  if (has_locations_) text_ += location;
  hashes_.push_back(raw_hash);
  flags_.push_back(flags);
  if (!flags.removed) ++live_;
  if (hashes_.size() * 2 > by_record_.slots.size()) {
    grow();
    return;
  }
  insert(by_record_, entry, [this](std::uint32_t e) { return this->record_id(e); });
  if (has_locations_) insert(by_location_, entry, [this](std::uint32_t e) { return this->location(e); });
}

void StoredIndex::grow() {
  const std::size_t slots = std::max<std::size_t>(1024, by_record_.slots.size() * 2);
  by_record_.slots.assign(slots, empty_slot);
  if (has_locations_) by_location_.slots.assign(slots, empty_slot);
  for (std::uint32_t entry = 0; entry < hashes_.size(); ++entry) {
    insert(by_record_, entry, [this](std::uint32_t e) { return record_id(e); });
    if (has_locations_) insert(by_location_, entry, [this](std::uint32_t e) { return location(e); });
  }
}

std::string_view StoredIndex::record_id(std::uint32_t entry) const {
  const std::size_t from = offsets_[entry * std::size_t{2}];
  return std::string_view(text_).substr(from, offsets_[entry * std::size_t{2} + 1] - from);
}

std::string_view StoredIndex::location(std::uint32_t entry) const {
  const std::size_t from = offsets_[entry * std::size_t{2} + 1];
  const std::size_t next = entry * std::size_t{2} + 2;
  const std::size_t to = next < offsets_.size() ? offsets_[next] : text_.size();
  return std::string_view(text_).substr(from, to - from);
}

template <typename TextOf>
std::optional<std::uint32_t> StoredIndex::find(const Table& table, std::string_view text,
                                               TextOf text_of) const {
  if (table.slots.empty()) return std::nullopt;
  const std::size_t mask = table.slots.size() - 1;
  for (std::size_t slot = base::fast64(text) & mask;; slot = (slot + 1) & mask) {
    const std::uint32_t entry = table.slots[slot];
    if (entry == empty_slot) return std::nullopt;
    if (text_of(entry) == text) return entry;
  }
}

template <typename TextOf>
void StoredIndex::insert(Table& table, std::uint32_t entry, TextOf text_of) {
  const std::string_view text = text_of(entry);
  const std::size_t mask = table.slots.size() - 1;
  std::size_t slot = base::fast64(text) & mask;
  while (table.slots[slot] != empty_slot) {
    const std::uint32_t other = table.slots[slot];
    if (text_of(other) == text) {
      if (flags_[other].removed) table.slots[slot] = entry;
      return;
    }
    slot = (slot + 1) & mask;
  }
  table.slots[slot] = entry;
}

std::optional<std::uint32_t> StoredIndex::find_record(std::string_view record_id) const {
  return find(by_record_, record_id, [this](std::uint32_t e) { return this->record_id(e); });
}

std::optional<std::uint32_t> StoredIndex::find_location(std::string_view location) const {
  return find(by_location_, location, [this](std::uint32_t e) { return this->location(e); });
}

}  // namespace store
