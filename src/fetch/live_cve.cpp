// The CVE list where it is published. The commit of its branch identifies it: GitHub packs the archive on
// request and promises nothing about its bytes.
#include <algorithm>
#include <optional>
#include <utility>

#include "base/format.hpp"
#include "base/log.hpp"
#include "fetch/cve_changes.hpp"
#include "fetch/file.hpp"
#include "fetch/git_command.hpp"
#include "fetch/git_remote.hpp"
#include "fetch/live_sources.hpp"
#include "fetch/web_archive.hpp"

namespace fetch {

// https://docs.github.com/repositories/working-with-files/using-files/downloading-source-code-archives
std::optional<GitHubBranch> github_branch(std::string_view archive_url) {
  constexpr std::string_view middle = "/archive/refs/heads/";
  constexpr std::string_view ending = ".zip";
  const std::size_t at = archive_url.find(middle);
  if (at == std::string_view::npos || !archive_url.ends_with(ending)) return std::nullopt;
  std::string_view branch = archive_url.substr(at + middle.size());
  branch.remove_suffix(ending.size());
  if (branch.empty()) return std::nullopt;
  return GitHubBranch{std::string(archive_url.substr(0, at)), "refs/heads/" + std::string(branch)};
}

// The comment at the end of an archive that git packs is the commit (git-archive(1)); its length, 40 in two
// bytes, stands before it.
std::optional<std::string> packed_commit(const std::filesystem::path& archive) {
  constexpr std::size_t id_length = 40;
  const File file(archive);
  if (file.size() < id_length + 2) return std::nullopt;
  std::string end(id_length + 2, '\0');
  file.read_at(file.size() - end.size(), end.data(), end.size());
  std::string commit = end.substr(2);
  if (end[0] != id_length || end[1] != '\0' || !is_object_id(commit)) return std::nullopt;
  return commit;
}

// Raw files of a branch are cached on their way for minutes, those of a commit never change.
std::string raw_url_of_commit(const std::string& raw_url, const std::string& commit) {
  constexpr std::string_view host = "https://raw.githubusercontent.com/";
  const std::size_t branch = raw_url.rfind('/');
  const bool is_branch = raw_url.starts_with(host) && std::count(raw_url.begin(), raw_url.end(), '/') == 5;
  return is_branch && !commit.empty() ? raw_url.substr(0, branch + 1) + commit : raw_url;
}

namespace {

class LiveCve {
 public:
  LiveCve(const Request& request, const LiveSettings& settings)
      : request_(request),
        settings_(settings),
        cache_(request.cache, request.stop),
        client_(settings.http, request.stop),
        cursor_(request.known_fingerprint.empty() ? std::nullopt : read_cve_cursor(request.watermark)) {}

  Fetched run() {
    ask_for_commit();
    const bool nothing_left = !cursor_ || cursor_->again.empty();
    if (!whole() && is_known() && nothing_left) return unchanged(commit_);
    addresses_ = {raw_url_of_commit(without_slash(settings_.cve_raw_url), commit_),
                  settings_.cve_releases_url};
    if (!whole())
      if (auto changes = changed_records()) return std::move(*changes);
    Fetched result = archive();
    // An archive that is the known one leaves the log, which may be ahead of it.
    if (result.state == Fetched::State::unchanged && !request_.full)
      if (auto changes = changed_records()) return std::move(*changes);
    return result;
  }

 private:
  bool whole() const { return request_.full || request_.reconcile; }
  bool is_known() const { return !commit_.empty() && commit_ == request_.known_fingerprint; }

  // Not every server of an archive is one of git too: then the log of changes tells, and the archive's ETag.
  void ask_for_commit() {
    const auto branch = github_branch(settings_.cve_project_url);
    if (!branch) return;
    try {
      commit_ = remote_head(branch->repository, {branch->reference}, request_.stop).commit;
    } catch (const Error& error) {
      if (request_.stop.stop_requested()) throw;
      no_commit_ = error.what();
    }
  }

  // The cheap way, where there is one: nothing when the archive must be taken.
  std::optional<Fetched> changed_records() {
    if (!cursor_ || addresses_.raw.empty()) return std::nullopt;
    try {
      Fetched changes = open_cve_changes(request_, addresses_, *cursor_, settings_.http);
      changes.fingerprint = fingerprint_after(changes);
      changes.route_reason = no_commit_;
      return changes;
    } catch (const http::Error& error) {
      no_changes_ = error.what();
    } catch (const Error& error) {
      no_changes_ = error.what();
    }
    if (request_.stop.stop_requested()) throw Error("transport", no_changes_);
    base::log::warn("changed CVE records cannot be had one by one, taking the whole archive",
                    {{"source", "cve"}, {"cause", no_changes_}});
    return std::nullopt;
  }

  // A log without anything new under a new commit may be an old copy: the commit must not pass for known.
  std::string fingerprint_after(const Fetched& changes) const {
    if (changes.state == Fetched::State::unchanged) return request_.known_fingerprint;
    if (!commit_.empty()) return commit_;
    return "log " + time_text(read_cve_cursor(*changes.watermark)->time);
  }

  Fetched archive() {
    std::uint64_t bytes = 0;
    // Before the archive is packed: what changes in between stands in the log and is fetched again.
    std::optional<Seconds> newest;
    if (!addresses_.raw.empty()) newest = newest_cve_change(addresses_, client_, bytes);
    Fetched result;
    try {
      result = commit_.empty() ? archive_by_tag() : archive_of_commit();
    } catch (const http::Error& error) {
      const std::string others = reasons();
      if (others.empty()) throw;
      throw http::Error(base::format("{}; and {}", others, error.what()), error.status(),
                        error.retryable() ? http::Error::Retry::yes : http::Error::Retry::no);
    }
    result.bytes_fetched += bytes;
    if (result.state == Fetched::State::full) result.watermark = newest ? to_text({*newest, {}, {}}) : "";
    if (!addresses_.raw.empty()) result.route = "archive";
    result.route_reason = reasons();
    return result;
  }

  /// Why no better way was taken.
  std::string reasons() const {
    return no_commit_ + (no_commit_.empty() || no_changes_.empty() ? "" : "; ") + no_changes_;
  }

  Fetched archive_of_commit() {
    std::uint64_t bytes = 0;
    if (!cache_.holds(commit_)) {
      cache_.forget();
      http::Download download;
      download.url = settings_.cve_project_url;
      download.path = cache_.archive();
      bytes = client_.download(download).bytes;
      // The branch may have moved between the two questions.
      cache_.remember(packed_commit(cache_.archive()).value_or(commit_));
    }
    Fetched result = cache_.open(request_, cve_layout(), settings_.cve_project_url);
    result.bytes_fetched = bytes;
    return result;
  }

  Fetched archive_by_tag() {
    return open_web_archive(request_, settings_.cve_project_url, cve_layout(), client_, cache_);
  }

  const Request& request_;
  const LiveSettings& settings_;
  ArchiveCache cache_;
  http::Client client_;
  std::optional<CveCursor> cursor_;  // none while the database is between two states: the archive mends that
  CveAddresses addresses_;
  std::string commit_;      // of the branch; empty where nobody tells
  std::string no_commit_;   // why
  std::string no_changes_;  // why the archive is taken
};

}  // namespace

Fetched open_live_cve(const Request& request, const LiveSettings& settings) {
  return LiveCve(request, settings).run();
}

}  // namespace fetch
