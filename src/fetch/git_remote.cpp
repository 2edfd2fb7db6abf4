#include "fetch/git_remote.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "base/percent.hpp"
#include "base/redact.hpp"
#include "base/signature.hpp"
#include "fetch/error.hpp"
#include "fetch/git_command.hpp"

namespace fetch {
namespace {

Error remote_failed(const std::string& url, const base::RunResult& result) {
  return {"git",
          base::format("cannot reach the git repository {}: {}", base::redact(url),
                       base::redact(git_reason(result.status, result.error))),
          Error::Retry::yes};
}

// Where a repository is, and how it is reached: what stands before the host of an HTTP address, a name and a
// password or a token, is sent as git would send it (RFC 7617), and is not part of the address.
struct Remote {
  std::string url;
  GitAccess access{git_protocols::remote};
};

Remote read_remote(const std::string& url) {
  Remote remote{url};
  if (!url.starts_with("https://") && !url.starts_with("http://")) return remote;
  const std::size_t begin = url.find("://") + 3;
  const std::size_t at = url.substr(0, url.find_first_of("/?#", begin)).rfind('@');
  if (at == std::string::npos) return remote;
  std::string credentials = url.substr(begin, at - begin);
  if (credentials.find(':') == std::string::npos) credentials += ':';
  remote.url = url.substr(0, begin) + url.substr(at + 1);
  remote.access.authorization = "Basic " + base::to_base64(base::percent_decoded(credentials));
  return remote;
}

}  // namespace

// Format (git-ls-remote(1)): `<id> TAB <reference> LF`.
GitHead remote_head(const std::string& url, const std::vector<std::string>& references,
                    const std::stop_token& stop) {
  const Remote remote = read_remote(url);
  std::vector<std::string> arguments = {"ls-remote", "--", remote.url};
  arguments.insert(arguments.end(), references.begin(), references.end());
  const base::RunResult result = try_git({}, arguments, stop, remote.access);
  if (!result.status.success()) throw remote_failed(url, result);
  const std::vector<GitHead> heads = parse_git_heads(result.output, '\t');
  for (const std::string& reference : references) {
    const auto found = std::find_if(heads.begin(), heads.end(),
                                    [&](const GitHead& head) { return head.reference == reference; });
    if (found != heads.end()) return *found;
  }
  throw Error(
      "no_repository",
      base::format("cannot use the git repository {}: it has no {}; is it a repository, or does a page "
                   "stand in front of it?",
                   base::redact(url), references.front()));
}

GitRepository fetch_remote(const std::string& url, const GitHead& head, const GitPlace& place,
                           const std::stop_token& stop) {
  const Remote remote = read_remote(url);
  const auto command = [&](bool shallow) {
    std::vector<std::string> result = {"fetch", "--quiet", "--no-tags", "--no-write-fetch-head"};
    if (shallow) result.emplace_back("--depth=1");
    result.insert(result.end(), {"--", remote.url, "+" + head.reference + ":refs/heads/main"});
    return result;
  };
  try {
    return update_git_cache(place, head.commit, command(true), remote.access, stop);
  } catch (const Error& error) {
    // Plain files behind a web server are a repository too, but only whole.
    if (std::string_view(error.what()).find("shallow") == std::string_view::npos) throw;
  }
  return update_git_cache(place, head.commit, command(false), remote.access, stop);
}

}  // namespace fetch
