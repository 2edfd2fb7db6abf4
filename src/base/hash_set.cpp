#include "base/hash_set.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/files.hpp"
#include "base/log.hpp"

namespace base {

namespace {

// About one hash to a bucket, so that a lookup touches memory in two places.
int bits_for(std::size_t hashes) {
  return std::clamp(static_cast<int>(std::bit_width(hashes)), 1, 24);
}

// The first bits of a hash: that spreads them evenly, and in the order of their bytes.
std::size_t bucket_of(const Fast128& hash, int bits) {
  const std::uint32_t first = std::uint32_t{hash[0]} << 24 | std::uint32_t{hash[1]} << 16 |
                              std::uint32_t{hash[2]} << 8 | std::uint32_t{hash[3]};
  return first >> (32 - bits);
}

// Where each bucket begins when these hashes are sorted, and where the last one ends.
std::vector<std::uint32_t> bucket_starts(std::span<const Fast128> hashes, int bits) {
  std::vector<std::uint32_t> starts((std::size_t{1} << bits) + 1, 0);
  for (const Fast128& hash : hashes) ++starts[bucket_of(hash, bits) + 1];
  for (std::size_t bucket = 1; bucket < starts.size(); ++bucket) starts[bucket] += starts[bucket - 1];
  return starts;
}

std::vector<Fast128> sorted(std::span<const Fast128> hashes) {
  const int bits = bits_for(hashes.size());
  std::vector<std::uint32_t> next = bucket_starts(hashes, bits);
  std::vector<Fast128> result(hashes.size());
  for (const Fast128& hash : hashes) result[next[bucket_of(hash, bits)]++] = hash;
  // Every bucket ends now where the next one began.
  std::uint32_t from = 0;
  for (const std::uint32_t to : next) {
    if (to - from > 1) std::sort(result.begin() + from, result.begin() + to);
    from = to;
  }
  return result;
}

std::string_view as_text(std::span<const Fast128> hashes) {
  return {reinterpret_cast<const char*>(hashes.data()), hashes.size_bytes()};
}

}  // namespace

HashSet::HashSet(std::vector<Fast128> hashes) : hashes_(sorted(hashes)) {
  hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
  buckets_ = bucket_starts(hashes_, bits_for(size()));
}

HashSet HashSet::load(const std::filesystem::path& file, std::string_view title) {
  std::string bytes;
  try {
    bytes = read_file_if_present(file).value_or("");
  } catch (const Error& error) {
    log::warn("what an earlier run found out cannot be read, doing it again", {{"cause", error.what()}});
    return {};
  }
  const std::size_t header = title.size() + 1 + sizeof(Fast128);
  if (bytes.size() < header || !bytes.starts_with(title) || bytes[title.size()] != '\n') return {};
  const std::string_view content = std::string_view(bytes).substr(header);
  const std::string_view check = std::string_view(bytes).substr(title.size() + 1, sizeof(Fast128));
  if (content.size() % sizeof(Fast128) != 0 || check != bytes_of(fast128(content))) return {};
  HashSet known;
  known.hashes_.resize(content.size() / sizeof(Fast128));
  std::memcpy(known.hashes_.data(), content.data(), content.size());
  known.buckets_ = bucket_starts(known.hashes_, bits_for(known.size()));
  return known;
}

bool HashSet::contains(const Fast128& hash) const {
  if (hashes_.empty()) return false;
  const std::size_t bucket = bucket_of(hash, bits_for(size()));
  // One bucket may hold them all where somebody chose what is hashed.
  return std::binary_search(hashes_.begin() + buckets_[bucket], hashes_.begin() + buckets_[bucket + 1], hash);
}

void HashSet::save(const std::filesystem::path& file, std::string_view title) const {
  const std::string_view content = as_text(hashes_);
  std::string bytes(title);
  bytes.append("\n").append(bytes_of(fast128(content))).append(content);
  make_directories(file.parent_path());
  write_cache_file(file, bytes);
}

}  // namespace base
