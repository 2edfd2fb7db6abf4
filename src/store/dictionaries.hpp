// The raw bytes of records as they stand in the database: zstd frames, most of them with a dictionary trained
// on the first records that this database got from their source. A frame carries its dictionary's id.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "advisory/advisory.hpp"
#include "base/zstd.hpp"
#include "pg/connection.hpp"

namespace store {

class Dictionaries {
 public:
  Dictionaries() = default;
  /// Every dictionary of the database. Throws pg::Error.
  static Dictionaries load(pg::Connection& connection);

  /// The one to compress records of `source` with, or nullptr.
  const base::ZstdDictionary* current(advisory::Source source) const;
  /// The one with this id. Throws base::Error when the database has lost it.
  const base::ZstdDictionary* by_id(std::uint32_t id) const;

  /// Trains a dictionary for `source` from some of its records, when there is none yet and the samples are
  /// enough. It must be saved before records that it compressed are.
  void train(advisory::Source source, std::span<const std::string_view> samples);
  /// Stores what was trained; what is stored already stays.
  void save(pg::Connection& connection) const;

  /// Replaces `out` by the bytes that `frame` holds.
  void decompress(base::ZstdDecompressor& decompressor, std::string_view frame, std::string& out) const;

 private:
  void add(advisory::Source source, std::string bytes);

  std::map<std::uint32_t, std::shared_ptr<const base::ZstdDictionary>> by_id_;
  std::map<advisory::Source, std::uint32_t> current_;
  std::map<advisory::Source, std::string> trained_;  // bytes
};

}  // namespace store
