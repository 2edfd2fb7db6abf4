#include "corpus/gitlab_history.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/format.hpp"
#include "fetch/git_command.hpp"

namespace corpus {
namespace {

namespace fs = std::filesystem;

base::Command import_command(const fs::path& repository, const base::Fd& errors) {
  // The fastest compression: the packs are read once or twice.
  base::Command command =
      fetch::git_command(repository, {"-c", "pack.compression=1", "fast-import", "--quiet", "--done"});
  command.input = base::Stream::pipe();
  command.error = base::Stream::file(errors);
  return command;
}

}  // namespace

GitHistory GitHistory::create(const fs::path& repository) {
  base::make_directories(repository);
  fetch::run_git({}, {"init", "--quiet", "--bare", "--template=", "--initial-branch=main",
                      fs::absolute(repository).string()});
  return {repository, true};
}

// Packs and references are replaced by renaming, never written to, so that links are copies.
GitHistory GitHistory::continued(const fs::path& repository, const fs::path& before) {
  base::make_directories(repository.parent_path());
  fs::copy(before, repository, fs::copy_options::recursive | fs::copy_options::create_hard_links);
  return {repository, false};
}

GitHistory::GitHistory(fs::path repository, bool first)
    : repository_(std::move(repository)),
      errors_(fetch::error_file()),
      git_(fetch::start_git(import_command(repository_, errors_))) {
  const std::string_view time = first ? "1786000000" : "1788264000";
  const std::string who = base::format("Corpus <corpus@example.org> {} +0000", time);
  buffer_ = base::format("commit refs/heads/main\nauthor {0}\ncommitter {0}\ndata 6\nCorpus\n", who);
  if (!first) buffer_ += "from refs/heads/main^0\n";
}

void GitHistory::put(std::string_view path, std::string_view bytes) {
  buffer_ += base::format("M 100644 inline {}\ndata {}\n{}\n", path, bytes.size(), bytes);
  send(false);
}

void GitHistory::remove(std::string_view path) {
  buffer_ += base::format("D {}\n", path);
  send(false);
}

void GitHistory::finish() {
  buffer_ += "\ndone\n";
  send(true);
  git_.input() = base::Fd();
  const base::ExitStatus status = git_.wait();
  if (!status.success())
    throw base::Error(base::format("cannot write {}: {}", repository_.native(),
                                   fetch::git_reason(status, fetch::read_error_file(errors_))));
}

void GitHistory::send(bool now) {
  if (!now && buffer_.size() < (std::size_t{1} << 20U)) return;
  try {
    base::write_all(git_.input(), buffer_, "git");
  } catch (const base::FileError&) {
    throw base::Error(base::format("cannot write {}: {}", repository_.native(),
                                   fetch::git_reason(git_.wait(), fetch::read_error_file(errors_))));
  }
  buffer_.clear();
}

void write_bundle(const fs::path& repository, const fs::path& path) {
  base::make_directories(path.parent_path());
  fetch::run_git(repository, {"bundle", "create", "--quiet", fs::absolute(path).string(), "main"});
}

}  // namespace corpus
