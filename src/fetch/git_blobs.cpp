#include "fetch/git_blobs.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/files.hpp"
#include "base/format.hpp"
#include "fetch/error.hpp"
#include "fetch/git_command.hpp"

namespace fetch {
namespace {

constexpr std::size_t block = 64;
constexpr std::size_t piece = std::size_t{64} << 10;
constexpr std::uint64_t largest = std::uint64_t{256} << 20;

}  // namespace

GitBlobs::GitBlobs(std::filesystem::path git_dir, const GitFiles& files)
    : git_dir_(std::move(git_dir)), files_(&files) {}

std::string_view GitBlobs::read(std::size_t index) {
  if (!git_) start();
  ahead_ = index == next_ ? std::min(ahead_ * 2, block) : 1;
  next_ = index + 1;
  while (!requested_.empty() && requested_.front() != index) answer(requested_.front());
  if (requested_.empty())
    request(index, std::min({index + ahead_, (index / block + 1) * block, files_->size()}));
  return answer(index);
}

void GitBlobs::start() {
  errors_ = error_file();
  base::Command command = git_command(git_dir_, {"cat-file", "--batch"});
  command.input = base::Stream::pipe();
  command.output = base::Stream::pipe();
  command.error = base::Stream::file(errors_);
  git_.emplace(start_git(command));
}

// At most a block of requests is under way, 4 KB: they fit into a pipe, so that git and we never wait for
// each other.
void GitBlobs::request(std::size_t begin, std::size_t end) {
  std::string lines;
  for (std::size_t i = begin; i < end; ++i) {
    lines += files_->id(i);
    lines += '\n';
    requested_.push_back(i);
  }
  try {
    base::write_all(git_->input(), lines, "git");
  } catch (const base::FileError&) {
    fail(begin, "corrupt", git_reason(git_->wait(), read_error_file(errors_)));
  }
}

// Format (git-cat-file(1), "BATCH OUTPUT"): `<id> SP blob SP <size> LF <content> LF`, and for an object that
// is not there `<id> SP missing LF`.
std::string_view GitBlobs::answer(std::size_t index) {
  requested_.pop_front();
  const std::string_view id = files_->id(index);
  const std::string header = take_line(index);
  constexpr std::string_view type = " blob ";
  if (!header.starts_with(id) || header.compare(id.size(), type.size(), type) != 0)
    fail(index, "corrupt", base::format("git says \"{}\"", header));
  std::uint64_t size = 0;
  const char* const digits = header.data() + id.size() + type.size();
  if (std::from_chars(digits, header.data() + header.size(), size).ptr != header.data() + header.size())
    fail(index, "corrupt", base::format("git says \"{}\"", header));
  if (size > largest)
    fail(index, "bomb", base::format("it has {} bytes, more than the {} allowed", size, largest));
  while (buffer_.size() - begin_ < size + 1) fill(index);
  const std::string_view content = std::string_view(buffer_).substr(begin_, static_cast<std::size_t>(size));
  begin_ += content.size() + 1;
  return content;
}

std::string GitBlobs::take_line(std::size_t index) {
  std::size_t end = std::string::npos;
  while ((end = buffer_.find('\n', begin_)) == std::string::npos) fill(index);
  std::string line = buffer_.substr(begin_, end - begin_);
  begin_ = end + 1;
  return line;
}

void GitBlobs::fill(std::size_t index) {
  buffer_.erase(0, std::exchange(begin_, 0));
  // One large blob must not keep its memory for the rest of the run.
  if (buffer_.size() < piece && buffer_.capacity() > 16 * piece) buffer_.shrink_to_fit();
  const std::size_t filled = buffer_.size();
  buffer_.resize(filled + piece);
  const std::size_t length = base::read_some(git_->output(), buffer_.data() + filled, piece, "git");
  buffer_.resize(filled + length);
  if (length == 0) fail(index, "corrupt", git_reason(git_->wait(), read_error_file(errors_)));
}

void GitBlobs::fail(std::size_t index, std::string_view word, const std::string& reason) {
  // What git still has to say belongs to nobody: the next read starts another one.
  git_.reset();
  requested_.clear();
  buffer_.clear();
  begin_ = 0;
  throw Error(word, base::format("cannot read {} in {}: {}", files_->path(index), git_dir_.native(), reason));
}

}  // namespace fetch
