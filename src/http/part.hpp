// A file that is being downloaded, and what is known of the content that it is a part of.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/fd.hpp"

namespace http {

/// What identifies the content that a part belongs to.
struct PartOf {
  std::string url;
  std::string etag;  // a strong one, or empty
  std::optional<std::uint64_t> total = {};
};

/// The part lies in `path` + ".part" and its description beside it in ".part.of", so that another process can
/// go on with it.
class Part {
 public:
  explicit Part(const std::filesystem::path& path);

  /// What the bytes that lie here belong to; nothing when there are none, or nobody knows.
  std::optional<PartOf> belongs_to() const;
  std::uint64_t size() const { return size_; }

  /// Starts over with the content described.
  void begin(const PartOf& whole);
  /// Opens what lies here to append to it.
  void resume();
  void append(std::string_view bytes);
  /// Closes the file; the bytes stay.
  void pause();
  void discard();
  /// Puts the file, complete, in its place.
  void finish();

  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path path_;
  std::filesystem::path file_;
  std::filesystem::path description_;
  base::Fd out_;
  std::uint64_t size_ = 0;
};

}  // namespace http
