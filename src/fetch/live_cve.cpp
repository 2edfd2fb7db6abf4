// The archive of the CVE list. GitHub packs it on request and promises nothing about its bytes, so that the
// commit behind it is what identifies it.
#include <optional>

#include "base/format.hpp"
#include "base/log.hpp"
#include "fetch/file.hpp"
#include "fetch/git_command.hpp"
#include "fetch/git_remote.hpp"
#include "fetch/live_sources.hpp"
#include "fetch/web_archive.hpp"

namespace fetch {

// https://docs.github.com/repositories/working-with-files/using-files/downloading-source-code-archives
std::optional<GitHubBranch> github_branch(std::string_view archive_url) {
  constexpr std::string_view host = "https://github.com/";
  constexpr std::string_view middle = "/archive/refs/heads/";
  constexpr std::string_view ending = ".zip";
  const std::size_t at = archive_url.find(middle);
  if (!archive_url.starts_with(host) || at == std::string_view::npos || !archive_url.ends_with(ending))
    return std::nullopt;
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

Fetched open_live_cve(const Request& request, const LiveSettings& settings) {
  const std::string& url = settings.cve_project_url;
  const ArchiveCache cache(request.cache, request.stop);
  http::Client client(settings.http, request.stop);
  const auto branch = github_branch(url);
  if (!branch) return open_web_archive(request, url, cve_layout(), client, cache);
  const std::string commit = remote_head(branch->repository, {branch->reference}, request.stop).commit;
  if (!request.full && commit == request.known_fingerprint) return unchanged(commit);
  std::uint64_t bytes = 0;
  if (!cache.holds(commit)) {
    cache.forget();
    http::Download download;
    download.url = url;
    download.path = cache.archive();
    bytes = client.download(download).bytes;
    // The branch may have moved between the two questions.
    cache.remember(packed_commit(cache.archive()).value_or(commit));
  }
  Fetched result = cache.open(request, cve_layout());
  result.bytes_fetched = bytes;
  return result;
}

}  // namespace fetch
