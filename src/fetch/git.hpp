// A git repository as a store of records: its newest commit, the files of a commit, the difference of two.
// Read through the git command, and never checked out: paths may differ in letter case only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace fetch {

/// Which files of a tree are wanted, by their path.
using GitSelect = std::function<bool(std::string_view path)>;

/// Files with the ids of their blobs, held compactly.
class GitFiles {
 public:
  /// `id` is an object id as git prints it; all of one list are equally long.
  void add(std::string_view path, std::string_view id);

  std::size_t size() const { return ends_.size(); }
  std::string_view path(std::size_t index) const;
  std::string_view id(std::size_t index) const;

 private:
  std::string paths_;
  std::string ids_;
  std::vector<std::size_t> ends_;  // of each path in paths_
};

/// What lies between two commits. A renamed file is a removed one and a changed one.
struct GitChanges {
  GitFiles changed;  // added or modified
  std::vector<std::string> removed;
};

/// A repository on this machine, whoever owns it.
class GitRepository {
 public:
  /// The repository at `path`, a bare one or a working copy; nothing where there is none at `path` itself.
  static std::optional<GitRepository> find(const std::filesystem::path& path);
  explicit GitRepository(std::filesystem::path git_dir) : git_dir_(std::move(git_dir)) {}

  const std::filesystem::path& git_dir() const { return git_dir_; }

  /// The id of the commit that HEAD names, or where it names none (a bare copy whose default branch was
  /// renamed) that of `main` or `master`. Throws Error `no_repository` when there is no commit.
  std::string head(const std::stop_token& stop = {}) const;

  /// Whether `commit`, an object id, is here. A shallow or rewritten history may have lost it.
  bool has_commit(const std::string& commit, const std::stop_token& stop = {}) const;

  /// The wanted regular files of a commit, in path order; links and submodules are no files. Throws Error
  /// `git` when an object is missing or damaged.
  GitFiles files(const std::string& commit, const GitSelect& select, const std::stop_token& stop = {}) const;

  /// The wanted files that differ between the trees of two commits, whatever their relation.
  GitChanges changes(const std::string& from, const std::string& to, const GitSelect& select,
                     const std::stop_token& stop = {}) const;

 private:
  std::filesystem::path git_dir_;
};

}  // namespace fetch
