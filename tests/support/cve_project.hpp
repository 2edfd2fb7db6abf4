// The CVE list as GitHub serves it: the head of its branch through smart git, single files, the log of
// changes, the archive, releases with archives of changes.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/http_server.hpp"

namespace support {

/// A published CVE record with one English description, last changed at `updated`
/// ("2024-02-03T04:05:06.000Z").
std::string cve_record(std::string_view id, std::string_view description, std::string_view updated);

/// Below an address BASE: BASE/cve (the repository), BASE/raw, BASE/api/releases, BASE/assets.
class CveProject {
 public:
  std::map<std::string, std::string> records;  // id to bytes
  std::string commit = std::string(40, 'a');

  /// Changes a record at `time`, with an entry in the log, under a new commit.
  void change(const std::string& id, std::string_view description, const std::string& time);
  /// An entry of the log: each id with its dateUpdated.
  void log(const std::string& time, const std::vector<std::pair<std::string, std::string>>& changed);
  /// A release of that time with one asset that holds these records as they are now.
  void release(const std::string& base, const std::string& time, const std::string& asset,
               const std::vector<std::string>& ids);

  HttpAnswer operator()(const HttpRequest& request);

  // How it goes wrong.
  bool git_up = true;
  bool archive_up = true;
  std::string log_text;                       // instead of the log
  std::set<std::string> missing;              // ids whose single file answers 404
  std::map<std::string, std::string> cached;  // ids whose single file is an older one
  std::map<std::string, std::string> assets;  // name to bytes
  std::vector<std::string> log_entries;       // newest first

  /// The archive as it is packed now.
  std::string archive() const;
  /// Requests for single records so far.
  std::size_t files_asked = 0;

 private:
  HttpAnswer advertisement() const;
  HttpAnswer file(std::string_view path);

  std::vector<std::string> releases_;  // newest first
  int commits_ = 0;
};

}  // namespace support
