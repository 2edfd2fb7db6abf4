#include "pipeline/known_contents.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/files.hpp"
#include "base/log.hpp"

namespace pipeline {

namespace {

constexpr std::string_view title = "vuln-datasync contents 1\n";
constexpr std::size_t header_size = title.size() + sizeof(base::Fast128);
constexpr std::size_t bucket_count = std::size_t{1} << 16;

// Marks are hashes, so their first two bytes spread them evenly.
std::size_t bucket_of(const ContentMark& mark) {
  return std::size_t{mark[0]} << 8 | mark[1];
}

std::string_view bytes_of(std::span<const ContentMark> marks) {
  return {reinterpret_cast<const char*>(marks.data()), marks.size_bytes()};
}

bool is_whole(std::string_view bytes) {
  if (!bytes.starts_with(title) || bytes.size() < header_size) return false;
  const std::string_view marks = bytes.substr(header_size);
  return marks.size() % sizeof(ContentMark) == 0 &&
         bytes.substr(title.size(), sizeof(base::Fast128)) == base::bytes_of(base::fast128(marks));
}

}  // namespace

ContentMark content_mark(const base::Fast128& packed, const base::Fast128& content) {
  std::array<std::uint8_t, sizeof(packed) + sizeof(content)> both{};
  std::copy(content.begin(), content.end(), std::copy(packed.begin(), packed.end(), both.begin()));
  return base::fast128(base::bytes_of(both));
}

KnownContents KnownContents::load(const std::filesystem::path& file) {
  KnownContents known;
  try {
    known.bytes_ = base::read_file_if_present(file).value_or("");
  } catch (const base::Error& error) {
    base::log::warn("what is known of archives cannot be read, unpacking everything",
                    {{"cause", error.what()}});
    return {};
  }
  if (!is_whole(known.bytes_)) return {};
  known.buckets_.assign(bucket_count + 1, 0);
  for (const ContentMark& mark : known.marks()) ++known.buckets_[bucket_of(mark) + 1];
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket)
    known.buckets_[bucket + 1] += known.buckets_[bucket];
  return known;
}

bool KnownContents::knows(const ContentMark& mark) const {
  if (buckets_.empty()) return false;
  const std::size_t bucket = bucket_of(mark);
  const auto in_bucket = marks().subspan(buckets_[bucket], buckets_[bucket + 1] - buckets_[bucket]);
  return std::binary_search(in_bucket.begin(), in_bucket.end(), mark);
}

void KnownContents::replace(const std::filesystem::path& file, std::vector<ContentMark> marks) const {
  std::sort(marks.begin(), marks.end());
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
  if (std::ranges::equal(marks, this->marks())) return;
  std::string bytes;
  bytes.reserve(header_size + std::span(marks).size_bytes());
  bytes += title;
  bytes += base::bytes_of(base::fast128(bytes_of(marks)));
  bytes += bytes_of(marks);
  marks = {};
  base::make_directories(file.parent_path());
  base::write_file_atomically(file, bytes);
}

std::span<const ContentMark> KnownContents::marks() const {
  if (bytes_.empty()) return {};
  // An array of bytes has no alignment of its own.
  const auto* const first = reinterpret_cast<const ContentMark*>(bytes_.data() + header_size);
  return {first, (bytes_.size() - header_size) / sizeof(ContentMark)};
}

}  // namespace pipeline
