#include "fetch/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <future>
#include <utility>
#include <vector>

#include "base/files.hpp"
#include "base/format.hpp"
#include "base/hash.hpp"
#include "fetch/error.hpp"

namespace fetch {
namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;
constexpr std::size_t worth_a_thread = 32;  // mebibytes

}  // namespace

base::Fd nameless_file(const std::filesystem::path& directory) {
  base::make_directories(directory);
  std::string name = (directory / "nameless-XXXXXX").native();
  base::Fd file(mkostemp(name.data(), O_CLOEXEC));
  if (!file) throw base::FileError("create a file in", directory, errno);
  unlink(name.c_str());
  return file;
}

// O_NONBLOCK: a FIFO in place of a file must be refused, not waited for.
File::File(const std::filesystem::path& path) : File(base::open_file(path, O_RDONLY | O_NONBLOCK), path) {}

File::File(base::Fd descriptor, std::filesystem::path path)
    : descriptor_(std::move(descriptor)), path_(std::move(path)) {
  struct stat status = {};
  if (fstat(descriptor_.get(), &status) != 0) throw base::FileError("read", path_, errno);
  if (!S_ISREG(status.st_mode))
    throw Error("unreadable", base::format("cannot read {}: it is not a regular file", path_.native()));
  size_ = static_cast<std::uint64_t>(status.st_size);
}

File File::duplicate() const {
  base::Fd copy(fcntl(descriptor_.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) throw base::FileError("read", path_, errno);
  return {std::move(copy), path_};
}

File::Stamp File::stamp() const {
  struct stat status = {};
  if (fstat(descriptor_.get(), &status) != 0) throw base::FileError("read", path_, errno);
  const auto since_1970 = [](const timespec& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  };
  const auto mtime = since_1970(status.st_mtim);
  const auto ctime = since_1970(status.st_ctim);
  using std::chrono::system_clock;
  return {
      base::format("{} {} {} {} {}", status.st_dev, status.st_ino, status.st_size, mtime.count(),
                   ctime.count()),
      system_clock::time_point(std::chrono::duration_cast<system_clock::duration>(std::max(mtime, ctime)))};
}

void File::read_at(std::uint64_t offset, char* to, std::size_t length) const {
  while (length > 0) {
    const ssize_t got = pread(descriptor_.get(), to, length, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw base::FileError("read", path_, errno);
    if (got == 0)
      throw Error(
          "truncated",
          base::format(
              "cannot read {}: it became shorter while it was read; try again when nothing writes to it",
              path_.native()));
    to += got;
    offset += static_cast<std::uint64_t>(got);
    length -= static_cast<std::size_t>(got);
  }
}

std::string content_fingerprint(const File& file) {
  std::vector<base::Fast128> digests((file.size() + mebibyte - 1) / mebibyte);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    const auto buffer = std::make_unique_for_overwrite<char[]>(mebibyte);
    for (std::size_t piece = next++; piece < digests.size(); piece = next++) {
      const std::uint64_t offset = std::uint64_t{piece} * mebibyte;
      const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(mebibyte, file.size() - offset));
      file.read_at(offset, buffer.get(), length);
      digests[piece] = base::fast128({buffer.get(), length});
    }
  };
  std::future<void> other;
  if (digests.size() > worth_a_thread) other = std::async(std::launch::async, work);
  work();
  if (other.valid()) other.get();
  return base::to_hex(
      base::fast128({reinterpret_cast<const char*>(digests.data()), digests.size() * sizeof(base::Fast128)}));
}

void Window::load(std::uint64_t offset, std::size_t length, std::uint64_t limit) {
  // Two requests in a row that are neighbours make a sequence, and the window doubles; a jump starts small
  // again, or reading every hundredth record would copy the whole archive.
  constexpr std::size_t smallest = 16384;
  const bool follows = offset >= start_ && offset <= start_ + length_ + smallest;
  ahead_ = follows ? std::clamp(ahead_ * 2, smallest, mebibyte) : smallest;

  const auto rest = static_cast<std::size_t>(std::min<std::uint64_t>(limit - offset, SIZE_MAX));
  const std::size_t wanted = std::min(std::max(length, ahead_), rest);
  // One large record must not keep its memory for the rest of the run.
  if (wanted > capacity_ || (capacity_ > mebibyte && wanted <= mebibyte)) {
    capacity_ = wanted > mebibyte ? wanted : mebibyte;
    buffer_.reset();
    buffer_ = std::make_unique_for_overwrite<char[]>(capacity_);
  }
  length_ = 0;
  file_->read_at(offset, buffer_.get(), wanted);
  start_ = offset;
  length_ = wanted;
}

}  // namespace fetch
