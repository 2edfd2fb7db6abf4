#include "fetch/reach.hpp"

#include <algorithm>
#include <functional>

#include "base/format.hpp"
#include "base/redact.hpp"
#include "fetch/git_remote.hpp"
#include "fetch/live_sources.hpp"
#include "fetch/mirror.hpp"
#include "fetch/mirror_index.hpp"
#include "fetch/mirror_parts.hpp"
#include "fetch/osv_bucket.hpp"

namespace fetch {
namespace {

Place try_place(const std::string& address, const std::function<void()>& ask) {
  Place place{base::redact(address)};
  try {
    ask();
  } catch (const base::Error& error) {
    place.failure = error.what();
  }
  return place;
}

std::vector<Place> reach_osv(const LiveSettings& settings, http::Client& client) {
  std::vector<Place> places;
  const auto gcs = gcs_bucket(settings, client);
  const auto http = http_bucket(settings.osv_http_url, client);
  for (OsvBucket* const bucket : {gcs.get(), http.get()})
    places.push_back(
        try_place(bucket->address(), [&] { client.header(bucket->address(), bucket->fields()); }));
  return places;
}

std::vector<Place> reach_cve(const LiveSettings& settings, http::Client& client,
                             const std::stop_token& stop) {
  std::vector<Place> places;
  if (const auto branch = github_branch(settings.cve_project_url))
    places.push_back(
        try_place(branch->repository, [&] { remote_head(branch->repository, {branch->reference}, stop); }));
  // GitHub packs the archive on request: it is asked for only where nothing else tells that it is there.
  if (places.empty() || !places.front().failure.empty())
    places = {try_place(settings.cve_project_url, [&] { client.header(settings.cve_project_url); })};
  if (!settings.cve_raw_url.empty()) {
    const std::string log = without_slash(settings.cve_raw_url) + "/cves/deltaLog.json";
    places.push_back(try_place(log, [&] { client.header(log); }));
  }
  return places;
}

void require_listed(http::Client&& client, const std::string& url, const std::string& part) {
  const std::string text = client.get(url, largest_mirror_index).body;
  const MirrorIndex index = read_mirror_index(text, url);
  if (std::none_of(index.files.begin(), index.files.end(),
                   [&](const MirrorFile& file) { return file.path.starts_with(part); }))
    throw Error("unreadable", base::format("the mirror has no {}: {} does not list it", part, url));
}

}  // namespace

std::vector<Place> reach_live(const std::string& source, const LiveSettings& settings,
                              const std::stop_token& stop) {
  http::Client client(settings.http, stop);
  if (source == "osv") return reach_osv(settings, client);
  if (source == "cve") return reach_cve(settings, client, stop);
  return {try_place(settings.gitlab_repo_url, [&] { gitlab_head(settings.gitlab_repo_url, stop); })};
}

std::vector<Place> reach_mirror(const std::string& source, const std::string& address,
                                const http::Settings& http, const std::stop_token& stop) {
  const std::string part = source == "gitlab" ? "gitlab" : source == "osv" ? "osv/all.zip" : "cve/main.zip";
  if (is_web_mirror(address)) {
    const std::string url = without_slash(address) + "/" + mirror_index_name;
    return {try_place(url, [&] { require_listed(http::Client(http, stop), url, part); })};
  }
  const std::string path = mirror_directory(address) / part;
  return {try_place(path, [&] {
    if (!is_there(path)) throw Error("unreadable", base::format("the mirror has no {}", path));
  })};
}

}  // namespace fetch
