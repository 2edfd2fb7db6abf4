#include "store/stored_index.hpp"

#include <algorithm>

#include "pg/error.hpp"
#include "store/generated/components.hpp"

namespace store {

namespace {

base::Fast128 hash_of(std::string_view bytes) {
  base::Fast128 hash{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
  return hash;
}

std::optional<std::uint32_t> if_any(std::uint32_t entry) {
  return entry == base::TextTable::none ? std::nullopt : std::optional(entry);
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
                                   std::vector<std::string> record_ids,
                                   const std::vector<std::string>& locations, std::size_t live) {
  StoredIndex index(source);
  const std::vector<std::string_view> paths(locations.begin(), locations.end());
  if (!paths.empty())
    for (auto& row : sql::records_at_locations(connection, paths))
      record_ids.push_back(std::move(row.record_id));
  std::sort(record_ids.begin(), record_ids.end());
  const std::vector<std::string_view> ids(record_ids.begin(), record_ids.end());
  for (const auto& row : sql::record_hashes(connection, advisory::to_string(source), ids))
    index.add(row.record_id, row.location, hash_of(row.raw_hash), {row.removed, row.stale, row.retracted});
  index.live_ = live;
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
  insert(by_record_, entry, [this](std::uint32_t e) { return this->record_id(e); });
  if (has_locations_) insert(by_location_, entry, [this](std::uint32_t e) { return this->location(e); });
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
void StoredIndex::insert(base::TextTable& table, std::uint32_t entry, TextOf text_of) {
  std::uint32_t& place = table.place(text_of(entry), text_of);
  if (place == base::TextTable::none || flags_[place].removed) place = entry;
}

std::optional<std::uint32_t> StoredIndex::find_record(std::string_view record_id) const {
  return if_any(by_record_.find(record_id, [this](std::uint32_t e) { return this->record_id(e); }));
}

std::optional<std::uint32_t> StoredIndex::find_location(std::string_view location) const {
  return if_any(by_location_.find(location, [this](std::uint32_t e) { return this->location(e); }));
}

}  // namespace store
