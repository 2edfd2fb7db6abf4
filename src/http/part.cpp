#include "http/part.hpp"

#include <fcntl.h>

#include <cerrno>
#include <charconv>

#include "base/files.hpp"
#include "base/format.hpp"

namespace http {
namespace {

namespace fs = std::filesystem;

std::uint64_t size_of(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : size;
}

std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

Part::Part(const fs::path& path)
    : path_(path),
      file_(path.native() + ".part"),
      description_(path.native() + ".part.of"),
      size_(size_of(file_)) {}

// Three lines: address, ETag, number of bytes in all; the last two may be empty.
std::optional<PartOf> Part::belongs_to() const {
  const auto text = base::read_file_if_present(description_, std::uint64_t{64} << 10);
  if (!text || size_ == 0) return std::nullopt;
  std::string_view rest = *text;
  PartOf whole;
  whole.url = next_line(rest);
  whole.etag = next_line(rest);
  const std::string_view digits = next_line(rest);
  std::uint64_t total = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), total).ec == std::errc()) {
    // All of it, never put in its place: the answer to a request for the rest would be an error.
    if (size_ >= total) return std::nullopt;
    whole.total = total;
  }
  return whole;
}

void Part::begin(const PartOf& whole) {
  out_.close();
  // The description goes first and comes last: bytes never lie beside one that they do not belong to.
  base::remove_file(description_);
  out_ = base::open_file(file_, O_WRONLY | O_CREAT | O_TRUNC);
  size_ = 0;
  base::write_file_atomically(description_,
                              base::format("{}\n{}\n{}\n", whole.url, whole.etag,
                                           whole.total ? std::to_string(*whole.total) : std::string()));
}

void Part::resume() {
  out_ = base::open_file(file_, O_WRONLY | O_APPEND);
}

void Part::append(std::string_view bytes) {
  base::write_all(out_, bytes, file_.native());
  size_ += bytes.size();
}

void Part::pause() {
  out_.close();
}

void Part::discard() {
  out_.close();
  base::remove_file(description_);
  base::remove_file(file_);
  size_ = 0;
}

void Part::finish() {
  out_.close();
  base::sync_path(file_);
  std::error_code error;
  fs::rename(file_, path_, error);
  if (error) throw base::FileError("put the download into", path_, error.value());
  base::remove_file(description_);
  base::sync_path(fs::absolute(path_).parent_path());
}

}  // namespace http
