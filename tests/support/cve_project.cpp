#include "support/cve_project.hpp"

#include "base/format.hpp"
#include "support/zip_builder.hpp"

namespace support {
namespace {

std::string path_of(std::string_view id) {
  const std::string_view number = id.substr(9);
  return base::format("cves/{}/{}xxx/{}.json", id.substr(4, 4), number.substr(0, number.size() - 3), id);
}

// Format: gitprotocol-common(5), "pkt-line format".
std::string packet(const std::string& line) {
  return base::format("{:04x}{}", line.size() + 4, line);
}

std::string joined(const std::vector<std::string>& items) {
  std::string text = "[";
  for (const std::string& item : items) text += (text.size() > 1 ? "," : "") + item;
  return text + "]";
}

}  // namespace

std::string cve_record(std::string_view id, std::string_view description, std::string_view updated) {
  return base::format(
      R"({{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{{"cveId":"{0}",)"
      R"("assignerOrgId":"8254265b-2729-46b6-b9e3-3dfca2d5bfca","state":"PUBLISHED",)"
      R"("datePublished":"2024-01-02T03:04:05.000Z","dateUpdated":"{2}"}},)"
      R"("containers":{{"cna":{{"providerMetadata":{{"orgId":"8254265b-2729-46b6-b9e3-3dfca2d5bfca"}},)"
      R"("descriptions":[{{"lang":"en","value":"{1}"}}],"affected":[],)"
      R"("references":[{{"url":"https://example.org/{0}"}}]}}}}}})",
      id, description, updated);
}

void CveProject::change(const std::string& id, std::string_view description, const std::string& time) {
  records[id] = cve_record(id, description, time);
  log(time, {{id, time}});
}

void CveProject::log(const std::string& time,
                     const std::vector<std::pair<std::string, std::string>>& changed) {
  std::vector<std::string> items;
  for (const auto& [id, updated] : changed)
    items.push_back(base::format(R"({{"cveId":"{}","dateUpdated":"{}"}})", id, updated));
  log_entries.insert(
      log_entries.begin(),
      base::format(R"({{"fetchTime":"{}","numberOfChanges":{},"new":[],"updated":{},"error":[]}})", time,
                   items.size(), joined(items)));
  commit = base::format("{:040x}", ++commits_);
}

void CveProject::release(const std::string& base, const std::string& time, const std::string& asset,
                         const std::vector<std::string>& ids) {
  ZipBuilder zip;
  for (const std::string& id : ids) zip.add("deltaCves/" + id + ".json", records.at(id));
  assets[asset] = zip.finish();
  releases_.insert(releases_.begin(),
                   base::format(R"({{"published_at":"{}","assets":[{{"name":"{}","size":{},)"
                                R"("browser_download_url":"{}/assets/{}"}}]}})",
                                time, asset, assets[asset].size(), base, asset));
}

std::string CveProject::archive() const {
  ZipBuilder zip;
  for (const auto& [id, bytes] : records) zip.add("cvelistV5-main/" + path_of(id), bytes);
  return zip.finish({.comment = commit});
}

HttpAnswer CveProject::operator()(const HttpRequest& request) {
  const std::string path = request.path();
  if (path == "/cve/info/refs") return git_up ? advertisement() : HttpAnswer{.status = 503};
  if (path == "/cve/archive/refs/heads/main.zip") {
    if (!archive_up) return {.status = 503};
    return file_answer(request, archive(), "\"" + commit + "\"");
  }
  if (path == "/api/releases")
    return {.body = request.target.ends_with("page=1") ? joined(releases_) : std::string("[]")};
  if (path.starts_with("/assets/")) {
    const auto found = assets.find(path.substr(std::string_view("/assets/").size()));
    return found == assets.end() ? HttpAnswer{.status = 404} : HttpAnswer{.body = found->second};
  }
  if (path.starts_with("/raw/")) return file(std::string_view(path).substr(std::string_view("/raw/").size()));
  return {.status = 404};
}

// Format: gitprotocol-http(5), "Smart Clients", of version 0.
HttpAnswer CveProject::advertisement() const {
  HttpAnswer answer;
  answer.fields = {{"Content-Type", "application/x-git-upload-pack-advertisement"}};
  answer.body =
      packet("# service=git-upload-pack\n") + "0000" +
      packet(commit + " HEAD" + std::string(1, '\0') + "agent=git/2 symref=HEAD:refs/heads/main\n") +
      packet(commit + " refs/heads/main\n") + "0000";
  return answer;
}

HttpAnswer CveProject::file(std::string_view path) {
  if (path == "cves/deltaLog.json") return {.body = log_text.empty() ? joined(log_entries) : log_text};
  const std::string id(path.substr(path.rfind('/') + 1, path.size() - path.rfind('/') - 6));
  ++files_asked;
  const auto found = records.find(id);
  if (found == records.end() || path != path_of(id) || missing.contains(id)) return {.status = 404};
  const auto old = cached.find(id);
  return {.body = old == cached.end() ? found->second : old->second};
}

}  // namespace support
