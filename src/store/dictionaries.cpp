#include "store/dictionaries.hpp"

#include "base/error.hpp"
#include "store/generated/dictionaries.hpp"

namespace store {

namespace {

constexpr std::size_t dictionary_size =
    std::size_t{112} * 1024;  // zstd's own recommendation for small records
constexpr std::size_t fewest_samples = 100;
// zstd reserves ids below 32768 for a registrar and those above 2^31.
constexpr std::uint32_t first_id = 32768;
// Raw bytes of quarantined records may be as large as an archive entry may be.
constexpr std::size_t largest_content = std::size_t{1} << 30;

}  // namespace

Dictionaries Dictionaries::load(pg::Connection& connection) {
  Dictionaries result;
  for (auto& row : sql::load_dictionaries(connection))
    if (const auto source = advisory::source_from(row.source)) result.add(*source, std::move(row.bytes));
  return result;
}

void Dictionaries::add(advisory::Source source, std::string bytes) {
  auto dictionary = std::make_shared<const base::ZstdDictionary>(std::move(bytes));
  const std::uint32_t id = dictionary->id();
  by_id_[id] = std::move(dictionary);
  current_[source] = id;
}

const base::ZstdDictionary* Dictionaries::current(advisory::Source source) const {
  const auto id = current_.find(source);
  return id == current_.end() ? nullptr : by_id_.at(id->second).get();
}

const base::ZstdDictionary* Dictionaries::by_id(std::uint32_t id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end())
    throw base::Error(
        "the database has lost compression dictionary " + std::to_string(id) +
        ": table raw_dictionaries must be restored from a backup, or the database synchronised anew");
  return found->second.get();
}

void Dictionaries::train(advisory::Source source, std::span<const std::string_view> samples) {
  if (current_.contains(source) || samples.size() < fewest_samples) return;
  const std::uint32_t id = by_id_.empty() ? first_id : by_id_.rbegin()->first + 1;
  std::string bytes = base::ZstdDictionary::train(samples, dictionary_size, id);
  if (bytes.empty()) return;
  trained_[source] = bytes;
  add(source, std::move(bytes));
}

void Dictionaries::save(pg::Connection& connection) const {
  for (const auto& [source, bytes] : trained_)
    sql::store_dictionary(connection, current_.at(source), advisory::to_string(source), pg::Bytes(bytes));
}

void Dictionaries::decompress(base::ZstdDecompressor& decompressor, std::string_view frame,
                              std::string& out) const {
  const std::uint32_t id = base::ZstdDecompressor::dictionary_id(frame);
  decompressor.decompress(frame, id == 0 ? nullptr : by_id(id), largest_content, out);
}

}  // namespace store
