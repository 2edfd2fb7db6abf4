// Makes git repositories for tests without a working copy, so that any path can be in them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace support {

class GitBuilder {
 public:
  /// An empty bare repository in `directory`. `format` is `sha1` or `sha256`.
  explicit GitBuilder(std::filesystem::path directory, const std::string& format = "sha1");

  /// What the next commit() contains: a file, a symbolic link, or the absence of what was there.
  GitBuilder& put(std::string_view path, std::string_view content, std::string_view mode = "100644");
  GitBuilder& link(std::string_view path, std::string_view target) { return put(path, target, "120000"); }
  GitBuilder& submodule(std::string_view path);
  GitBuilder& remove(std::string_view path);
  /// Forgets the history and all files: the next commit has no parent.
  GitBuilder& start_over();

  /// Commits to `branch` and returns the commit's id.
  std::string commit(const std::string& branch = "main");

  /// Runs git here and returns its output without the last line end. Throws when it fails.
  std::string git(const std::vector<std::string>& arguments) const;

  const std::filesystem::path& path() const { return directory_; }

 private:
  std::filesystem::path directory_;
  std::string changes_;
  bool has_parent_ = false;
};

}  // namespace support
