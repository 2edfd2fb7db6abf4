// The GitLab part of a corpus: a bare repository with one commit for each state.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/fd.hpp"
#include "base/process.hpp"

namespace corpus {

/// Writes one commit through `git fast-import`. Author, time and message are constants: the same files give
/// the same commit.
class GitHistory {
 public:
  /// The first commit of a new repository. Throws base::Error, as everything here does when git fails.
  static GitHistory create(const std::filesystem::path& repository);
  /// The second commit, in a copy of the repository `before`.
  static GitHistory continued(const std::filesystem::path& repository, const std::filesystem::path& before);

  void put(std::string_view path, std::string_view bytes);
  void remove(std::string_view path);
  /// Completes the commit.
  void finish();

 private:
  GitHistory(std::filesystem::path repository, bool first);
  void send(bool now);

  std::filesystem::path repository_;
  base::Fd errors_;
  base::Process git_;
  std::string buffer_;
};

/// Writes the branch of `repository` as the bundle `path`.
void write_bundle(const std::filesystem::path& repository, const std::filesystem::path& path);

}  // namespace corpus
