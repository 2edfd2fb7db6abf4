#include "fetch/git.hpp"

#include <utility>

#include "base/format.hpp"
#include "fetch/error.hpp"
#include "fetch/git_command.hpp"
#include "fetch/path.hpp"

namespace fetch {
namespace {

namespace fs = std::filesystem;

/// Cuts the text up to the next `end` off the front of `rest`.
std::string_view next(std::string_view& rest, char end) {
  const std::size_t at = rest.find(end);
  const std::string_view result = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return result;
}

// 100644 and 100755; others are symbolic links (120000) and submodules (160000).
bool is_regular(std::string_view mode) {
  return mode.starts_with("100");
}

bool looks_like_git_dir(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path / "HEAD", ignored) && fs::is_directory(path / "objects", ignored);
}

std::string trimmed_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

void GitFiles::add(std::string_view path, std::string_view id) {
  paths_ += path;
  ends_.push_back(paths_.size());
  ids_ += id;
}

std::string_view GitFiles::path(std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(paths_).substr(begin, ends_[index] - begin);
}

std::string_view GitFiles::id(std::size_t index) const {
  const std::size_t length = ids_.size() / ends_.size();
  return std::string_view(ids_).substr(index * length, length);
}

std::optional<GitRepository> GitRepository::find(const fs::path& path) {
  const fs::path absolute = fs::absolute(path);
  std::error_code ignored;
  if (fs::exists(absolute / ".git", ignored)) return GitRepository(absolute / ".git");
  if (looks_like_git_dir(absolute)) return GitRepository(absolute);
  return std::nullopt;
}

std::string GitRepository::head(const std::stop_token& stop) const {
  base::RunResult result;
  for (const char* name : {"HEAD", "refs/heads/main", "refs/heads/master"}) {
    result = try_git(git_dir_, {"rev-parse", "--verify", "--end-of-options", name + std::string("^{commit}")},
                     stop);
    if (!result.status.success()) continue;
    std::string id = trimmed_line(std::move(result.output));
    if (is_object_id(id)) return id;
  }
  throw Error("no_repository", base::format("cannot read {}: no commit on HEAD, main or master ({})",
                                            git_dir_.native(), git_reason(result.status, result.error)));
}

bool GitRepository::has_commit(const std::string& commit, const std::stop_token& stop) const {
  return try_git(git_dir_, {"cat-file", "-e", commit + "^{tree}"}, stop).status.success();
}

// Format (git-ls-tree(1)): `<mode> SP <type> SP <object> TAB <path> NUL`.
GitFiles GitRepository::files(const std::string& commit, const GitSelect& select,
                              const std::stop_token& stop) const {
  GitFiles result;
  stream_git(git_dir_, {"ls-tree", "-r", "-z", "--full-tree", commit}, stop, [&](std::string_view path) {
    const std::string_view mode = next(path, ' ');
    next(path, ' ');
    const std::string_view id = next(path, '\t');
    if (is_regular(mode) && select(path)) result.add(printable(path), id);
  });
  return result;
}

// Format (git-diff-tree(1), "RAW OUTPUT FORMAT" with -z): `:<mode> SP <mode> SP <object> SP <object> SP
// <status> NUL <path> NUL`, old side first.
GitChanges GitRepository::changes(const std::string& from, const std::string& to, const GitSelect& select,
                                  const std::stop_token& stop) const {
  GitChanges result;
  std::string difference;
  const auto take_path = [&](std::string_view path) {
    std::string_view rest = difference;
    const std::string_view old_mode = next(rest, ' ').substr(1);
    const std::string_view new_mode = next(rest, ' ');
    next(rest, ' ');
    const std::string_view id = next(rest, ' ');
    if (!select(path)) return;
    if (is_regular(new_mode))
      result.changed.add(printable(path), id);
    else if (is_regular(old_mode))
      result.removed.push_back(printable(path));
  };
  stream_git(git_dir_,
             {"diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", from, to},
             stop, [&](std::string_view field) {
               if (difference.empty()) {
                 difference = field;
                 return;
               }
               take_path(field);
               difference.clear();
             });
  return result;
}

}  // namespace fetch
