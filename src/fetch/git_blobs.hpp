// Reads blobs through one long-lived `git cat-file --batch`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/process.hpp"
#include "fetch/git.hpp"

namespace fetch {

/// The blobs of a list of files. One per thread; the list must outlive it.
///
/// A request and its answer cost two process switches, so when the files are read in order, requests run
/// ahead of the answers: up to the end of a block of 64, so that threads that divide a list at such borders
/// ask for nothing in vain.
class GitBlobs {
 public:
  GitBlobs(std::filesystem::path git_dir, const GitFiles& files);

  /// The content of file `index`, valid until the next call. Throws Error: `corrupt` when the object is
  /// missing or damaged, `bomb` when it is larger than 256 MiB, `git` when git cannot be run.
  std::string_view read(std::size_t index);

 private:
  void start();
  void request(std::size_t begin, std::size_t end);
  std::string_view answer(std::size_t index);
  std::string take_line(std::size_t index);
  void fill(std::size_t index);
  [[noreturn]] void fail(std::size_t index, std::string_view word, const std::string& reason);

  std::filesystem::path git_dir_;
  const GitFiles* files_;
  base::Fd errors_;
  std::optional<base::Process> git_;
  std::deque<std::size_t> requested_;  // in the order of the answers
  std::size_t next_ = 0;               // the file after the last one read
  std::size_t ahead_ = 1;
  std::string buffer_;  // bytes from git; what lies before begin_ is used up
  std::size_t begin_ = 0;
};

}  // namespace fetch
