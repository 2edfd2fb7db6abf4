#include "fetch/mirror_copy.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "base/files.hpp"
#include "base/format.hpp"
#include "base/hash.hpp"
#include "base/percent.hpp"
#include "base/redact.hpp"
#include "fetch/archive_cache.hpp"
#include "fetch/live_sources.hpp"
#include "fetch/mirror_index.hpp"
#include "fetch/put_file.hpp"
#include "http/client.hpp"

namespace fetch {
namespace {

namespace fs = std::filesystem;

// Smaller files come many at a time, larger ones can be resumed.
constexpr std::uint64_t small_file = std::uint64_t{1} << 20;
// A mirror that is written while it is read contradicts its list for a moment.
constexpr int most_rounds = 3;

/// The files do not fit their list.
class Contradiction : public Error {
 public:
  explicit Contradiction(const std::string& message) : Error("corrupt", message, Retry::yes) {}
};

class Copier {
 public:
  Copier(const Request& request, const std::string& url, const http::Settings& settings)
      : request_(request),
        url_(without_slash(url)),
        directory_(request.cache / "mirror"),
        note_(request.cache / "mirror.list"),
        client_(settings, request.stop) {}

  MirrorCopy run() {
    const base::FileLock lock = lock_cache(request_.cache, request_.stop);
    for (int round = 1;; ++round) {
      const std::vector<MirrorFile> files = listed_files();
      if (files.empty()) return {false, {}, bytes_};
      try {
        make_equal(files);
        return {true, directory_, bytes_};
      } catch (const Contradiction&) {
        if (round == most_rounds) throw;
      }
    }
  }

 private:
  std::vector<MirrorFile> listed_files() {
    const std::string url = base::format("{}/{}", url_, mirror_index_name);
    http::Response answer;
    try {
      answer = client_.get(url, largest_mirror_index);
    } catch (const http::Error& error) {
      if (error.status() != 404) throw;
      throw Error("unreadable",
                  base::format("cannot use the mirror {}: it has no mirror.json, without which nobody knows "
                               "its files over HTTP; write one with: vuln-datasync mirror DIR --index",
                               base::redact(url_)));
    }
    bytes_ += answer.body.size();
    MirrorIndex index = read_mirror_index(answer.body, base::redact(url));
    std::erase_if(index.files,
                  [this](const MirrorFile& file) { return !file.path.starts_with(request_.source + "/"); });
    return std::move(index.files);
  }

  void make_equal(const std::vector<MirrorFile>& files) {
    // What was copied whole is not read again to see whether it still is, unless everything is asked for.
    const std::string list = to_text(MirrorIndex{files, {}});
    const bool was_copied = !request_.full && base::read_file_if_present(note_, largest_mirror_index) == list;
    if (was_copied &&
        std::all_of(files.begin(), files.end(), [this](const auto& file) { return has_size(file); }))
      return;
    base::remove_file(note_);
    remove_unlisted(files);
    std::vector<const MirrorFile*> small;
    for (const MirrorFile& file : files) {
      if (is_here(file)) continue;
      base::make_directories(path_of(file).parent_path(), 0700);
      if (file.size < small_file)
        small.push_back(&file);
      else
        fetch_large(file);
    }
    fetch_small(small);
    complete_repositories(files);
    base::sync_file_system(directory_);
    base::write_file_atomically(note_, list);
  }

  fs::path path_of(const MirrorFile& file) const { return directory_ / file.path; }
  std::string url_of(const MirrorFile& file) const {
    return base::format("{}/{}", url_, base::percent_encoded(file.path, "/"));
  }

  bool has_size(const MirrorFile& file) const {
    std::error_code error;
    const auto size = fs::file_size(path_of(file), error);
    return !error && size == file.size;
  }

  bool is_here(const MirrorFile& file) const {
    return has_size(file) && sha256_of_file(path_of(file)) == file.sha256;
  }

  void remove_unlisted(const std::vector<MirrorFile>& files) const {
    if (!fs::exists(directory_)) return;
    std::set<std::string> listed;
    for (const MirrorFile& file : files) {
      listed.insert(file.path);
      listed.insert({file.path + ".part", file.path + ".part.of"});
    }
    std::vector<fs::path> unlisted;
    for (const auto& entry : fs::recursive_directory_iterator(directory_))
      if (!entry.is_directory() &&
          !listed.contains(entry.path().lexically_relative(directory_).generic_string()))
        unlisted.push_back(entry.path());
    for (const fs::path& path : unlisted) base::remove_file(path);
  }

  void fetch_large(const MirrorFile& file) {
    http::Download download;
    download.url = url_of(file);
    download.path = path_of(file);
    download.size = file.size;
    download.pinned = true;  // whether the parts fit together tells the checksum
    try {
      bytes_ += client_.download(download).bytes;
    } catch (const http::Error& error) {
      if (error.status() == 404) contradict(file);
      throw;
    }
    if (sha256_of_file(path_of(file)) == file.sha256) return;
    base::remove_file(path_of(file));
    contradict(file);
  }

  void fetch_small(const std::vector<const MirrorFile*>& files) {
    http::ManyRequests requests;
    requests.count = files.size();
    requests.url = [&](std::size_t i) { return url_of(*files[i]); };
    requests.limit = small_file;
    requests.take = [&](std::size_t i, const http::Response& answer) {
      bytes_ += answer.body.size();
      constexpr int ok = 200;
      if (answer.status != ok || base::to_hex(base::sha256(answer.body)) != files[i]->sha256)
        contradict(*files[i]);
      put_file(path_of(*files[i]), answer.body);
    };
    client_.get_many(requests);
  }

  [[noreturn]] void contradict(const MirrorFile& file) const {
    throw Contradiction(
        base::format("cannot use the mirror {}: {} is not what its mirror.json says; it is damaged, or being "
                     "written: try again later",
                     base::redact(url_), file.path));
  }

  // No list of files names an empty directory, and git wants two of them.
  void complete_repositories(const std::vector<MirrorFile>& files) const {
    for (const MirrorFile& file : files) {
      if (fs::path(file.path).filename() != "config") continue;
      for (const char* name : {"refs", "objects"})
        base::make_directories(path_of(file).parent_path() / name, 0700);
    }
  }

  const Request& request_;
  std::string url_;
  fs::path directory_;
  fs::path note_;  // the list that directory_ is equal to
  http::Client client_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

MirrorCopy copy_mirror_part(const Request& request, const std::string& url, const http::Settings& settings) {
  try {
    return Copier(request, url, settings).run();
  } catch (const http::Error& error) {
    throw Error("transport", error.what(), error.retryable() ? Error::Retry::yes : Error::Retry::no);
  }
}

}  // namespace fetch
