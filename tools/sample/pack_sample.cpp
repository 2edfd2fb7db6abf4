// Packs the readable sample of samples/mirror as its three sources publish themselves: OSV's bucket (all.zip,
// modified_id.csv, one object per record and directory), the CVE Project's main.zip, and for GitLab a stream
// that `git fast-import` turns into a repository. The same files give the same bytes.
//
// usage: pack_sample FROM TO
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/format.hpp"
#include "base/json.hpp"
#include "base/zip_writer.hpp"

namespace sample {
namespace {

namespace fs = std::filesystem;

// When the sample's CVE archive and GitLab commit say they were made.
constexpr std::string_view packed_at = "2024-12-01T00:00:00Z";
constexpr std::string_view packed_at_seconds = "1733011200";

struct File {
  std::string path;  // relative, with '/'
  std::string bytes;
};

// Every file below `folder`, in bytewise order of its path.
std::vector<File> read_folder(const fs::path& folder) {
  std::vector<File> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (!in) throw base::Error("cannot read " + entry.path().string());
    files.push_back({entry.path().lexically_relative(folder).generic_string(), std::move(bytes)});
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

void write_file(const fs::path& path, std::string_view bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  if (!out.flush()) throw base::Error("cannot write " + path.string());
}

// JSON text without the white space between its tokens: OSV publishes records so, in their own member order.
std::string compact(std::string_view json) {
  std::string out;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string && c == '\\') out.push_back(json[i++]);
    if (c == '"') in_string = !in_string;
    if (in_string || (c != ' ' && c != '\n')) out.push_back(json[i]);
  }
  return out;
}

std::string_view text_of(const base::json::Value& object, std::string_view key) {
  const base::json::Value* member = object.find(key);
  return member ? member->text() : std::string_view();
}

std::span<const base::json::Value> items_of(const base::json::Value& object, std::string_view key) {
  const base::json::Value* member = object.find(key);
  return member ? member->items() : std::span<const base::json::Value>();
}

// The bucket's directories of a record: its ecosystems without their suffixes, GIT where it has commit
// ranges, [EMPTY] where it has neither.
std::set<std::string> directories_of(const base::json::Value& record) {
  std::set<std::string> directories;
  for (const auto& affected : items_of(record, "affected")) {
    if (const base::json::Value* package = affected.find("package")) {
      const std::string_view ecosystem = text_of(*package, "ecosystem");
      directories.emplace(ecosystem.substr(0, ecosystem.find(':')));
    }
    for (const auto& range : items_of(affected, "ranges")) {
      if (text_of(range, "type") == "GIT") directories.emplace("GIT");
    }
  }
  if (directories.empty()) directories.emplace("[EMPTY]");
  return directories;
}

void pack_osv(const fs::path& from, const fs::path& to) {
  fs::create_directories(to);
  base::ZipWriter archive(to / "all.zip");
  base::Packer packer(9);
  std::vector<std::pair<std::string, std::string>> rows;  // time, directory/id
  for (const File& file : read_folder(from)) {
    base::Arena arena;
    const base::json::Parsed parsed = base::json::parse(file.bytes, arena);
    if (parsed.error) throw base::Error(file.path + ": " + parsed.error->what);
    const std::string id(text_of(parsed.value, "id"));
    const std::string modified(text_of(parsed.value, "modified"));
    if (file.path != id + ".json") throw base::Error(file.path + " holds the record " + id);

    const std::string bytes = compact(file.bytes);
    archive.add(file.path, packer.pack(bytes), base::dos_time(modified));
    for (const std::string& directory : directories_of(parsed.value)) {
      write_file(to / directory / file.path, bytes);
      rows.emplace_back(modified, base::format("{}/{}", directory, id));
    }
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::string csv;
  for (const auto& [time, path] : rows) csv.append(time).append(",").append(path).append("\n");
  archive.finish();
  write_file(to / "modified_id.csv", csv);
}

void pack_cve(const fs::path& from, const fs::path& to) {
  fs::create_directories(to);
  base::ZipWriter archive(to / "main.zip");
  base::Packer packer(9);
  for (const File& file : read_folder(from)) {
    archive.add("cvelistV5-main/" + file.path, packer.pack(file.bytes), base::dos_time(packed_at));
  }
  archive.finish();
}

void pack_gitlab(const fs::path& from, const fs::path& stream) {
  const std::string who = "Sample <sample@example.org> " + std::string(packed_at_seconds) + " +0000\n";
  const std::string message = "The sample of vuln-datasync\n";
  std::string out = "commit refs/heads/main\nauthor " + who + "committer " + who + "data " +
                    std::to_string(message.size()) + "\n" + message;
  for (const File& file : read_folder(from)) {
    out.append("M 100644 inline ").append(file.path).append("\ndata ");
    out.append(std::to_string(file.bytes.size())).append("\n").append(file.bytes).append("\n");
  }
  write_file(stream, out);
}

}  // namespace
}  // namespace sample

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: pack_sample FROM TO\n");
    return 2;
  }
  try {
    const std::filesystem::path from = argv[1];
    const std::filesystem::path to = argv[2];
    sample::pack_osv(from / "osv", to / "osv");
    sample::pack_cve(from / "cve", to / "cve");
    sample::pack_gitlab(from / "gitlab", to / "gitlab.fast-import");
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pack_sample: %s\n", error.what());
    return 1;
  }
}
