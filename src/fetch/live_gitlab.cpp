// The GitLab advisory database, from wherever its repository is.
#include "base/format.hpp"
#include "fetch/git_bundle.hpp"
#include "fetch/git_remote.hpp"
#include "fetch/git_source.hpp"
#include "fetch/live_sources.hpp"
#include "fetch/mirror.hpp"

namespace fetch {
namespace {

namespace fs = std::filesystem;

bool is_local(std::string_view url) {
  if (url.starts_with("file://")) return true;
  if (url.find("://") != std::string_view::npos) return false;
  // git(1), "GIT URLS": with a colon before the first slash it is host:path, unless such a path exists.
  std::error_code ignored;
  return fs::exists(url, ignored) || url.find(':') >= url.find('/');
}

[[noreturn]] void nothing_there(const std::string& url) {
  throw Error("no_repository",
              base::format("cannot use {} (GITLAB_REPO_URL): there is no git repository or bundle", url));
}

}  // namespace

GitHead gitlab_head(const std::string& url, const std::stop_token& stop) {
  const std::vector<std::string> references = {"HEAD", "refs/heads/main", "refs/heads/master"};
  if (!is_local(url)) return remote_head(url, references, stop);
  const fs::path path = mirror_directory(url);
  if (fs::is_regular_file(path)) return bundle_head(path, stop);
  if (const auto repository = GitRepository::find(path))
    return remote_head(repository->git_dir().native(), references, stop);
  nothing_there(url);
}

GitRepository fetch_gitlab(const std::string& url, const GitHead& head, const GitPlace& place,
                           const std::stop_token& stop) {
  if (!is_local(url)) return fetch_remote(url, head, place, stop);
  const fs::path path = mirror_directory(url);
  if (fs::is_regular_file(path)) return unbundle(path, head, place, stop);
  return fetch_remote("file://" + fs::absolute(path).native(), head, place, stop);
}

Fetched open_live_gitlab(const Request& request, const LiveSettings& settings) {
  const std::string& url = settings.gitlab_repo_url;
  if (!is_local(url)) return open_git_remote(request, url, is_gitlab_advisory);
  const fs::path path = mirror_directory(url);
  if (fs::is_regular_file(path)) return open_git_bundle(request, path, is_gitlab_advisory);
  if (const auto repository = GitRepository::find(path))
    return open_git_repository(request, *repository, is_gitlab_advisory);
  nothing_there(url);
}

}  // namespace fetch
