// OSV in a mirror: the same steps as from its bucket, but what lies on a disk costs no transfer.
#include <algorithm>
#include <utility>

#include "base/arena.hpp"
#include "base/files.hpp"
#include "base/format.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/rfc3339.hpp"
#include "fetch/compared_list.hpp"
#include "fetch/mirror_parts.hpp"
#include "fetch/modified_list.hpp"
#include "fetch/osv_records.hpp"
#include "fetch/path.hpp"
#include "fetch/zip_source.hpp"

namespace fetch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".json";
constexpr std::uint64_t largest_record = std::uint64_t{64} << 20;

class FileReader : public Reader {
 public:
  explicit FileReader(const std::vector<fs::path>& files) : files_(files) {}
  std::string_view read(std::size_t index) override {
    bytes_ = base::read_file(files_[index], largest_record);
    return bytes_;
  }

 private:
  const std::vector<fs::path>& files_;
  std::string bytes_;
};

/// Records that are files of their own, by the names that they have in the archive.
class SingleFiles : public Collection {
 public:
  explicit SingleFiles(std::vector<fs::path> files) : files_(std::move(files)) {}

  std::size_t size() const override { return files_.size(); }
  Candidate candidate(std::size_t index) const override {
    return {printable(files_[index].filename().native()), 0};
  }
  std::unique_ptr<Reader> reader() const override { return std::make_unique<FileReader>(files_); }
  const std::vector<std::string>& removed() const override { return removed_; }

 private:
  std::vector<fs::path> files_;
  std::vector<std::string> removed_;  // none ever
};

/// The files ECOSYSTEM/ID.json, in a fixed order; with a list only those in the place that it names: others
/// are copies left behind.
std::vector<fs::path> single_files(const fs::path& directory, const ModifiedList* list) {
  std::vector<fs::path> files;
  for (const auto& folder : fs::directory_iterator(directory)) {
    if (!folder.is_directory()) continue;
    for (const auto& file : fs::directory_iterator(folder.path())) {
      const std::string name = file.path().filename();
      if (!name.ends_with(ending) || !file.is_regular_file()) continue;
      if (list != nullptr) {
        const auto listed = list->find(name.substr(0, name.size() - ending.size()));
        if (!listed || list->directory(*listed) != folder.path().filename().native()) continue;
      }
      files.push_back(file.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string_view id_of(std::string_view location) {
  location.remove_prefix(location.rfind('/') + 1);
  if (location.ends_with(ending)) location.remove_suffix(ending.size());
  return location;
}

std::unique_ptr<const Collection> all_records(const Request& request, const fs::path& directory,
                                              std::vector<fs::path> singles) {
  Pieces pieces;
  pieces.push_back(open_zip_records(request, directory / "all.zip", osv_layout()));
  if (singles.empty()) return std::move(pieces.front());
  pieces.push_back(std::make_unique<SingleFiles>(std::move(singles)));
  return overlay(std::move(pieces), {.id_of = id_of, .version_of = osv_modified, .accept = request.accept});
}

class MirrorOsv {
 public:
  MirrorOsv(const Request& request, fs::path directory)
      : request_(request),
        directory_(std::move(directory)),
        files_(known_files(request)),
        compared_(request, list_path()) {}

  Fetched run() {
    fingerprint();
    const std::string_view known = request_.known_fingerprint;
    if (is_there(list_path())) {
      if (!request_.full && !request_.reconcile && known == state_) return unchanged();
      const bool by_list = known.starts_with(listed_archive_) && !request_.full && !request_.reconcile;
      read_list(by_list);
      if (list_) return by_list && list_->held_records() > 0 ? changes() : whole();
    }
    without_list();
    return !request_.full && known == state_ ? unchanged() : whole();
  }

 private:
  void fingerprint() {
    const File archive(directory_ / "all.zip");
    archive_ = files_.fingerprint(archive);
    listed_archive_ = archive_ + ", modified_id.csv";
    bytes_ = archive.size();
    if (is_there(list_path())) state_ = listed_archive_ + " " + files_.fingerprint(File(list_path()));
    remember_files();
  }

  // No list tells what changed among the single files, so all of them are part of the state.
  void without_list() {
    state_ = archive_;
    singles_ = single_files(directory_, nullptr);
    std::string contents;
    for (const fs::path& file : singles_)
      contents += file.lexically_relative(directory_).native() + '\n' + files_.fingerprint(File(file)) + '\n';
    if (!singles_.empty())
      state_ += base::format(", {} files {}", singles_.size(), base::to_hex(base::fast128(contents)));
    remember_files();
  }

  void remember_files() const {
    if (!request_.dry_run) files_.save();
  }

  fs::path list_path() const { return directory_ / "modified_id.csv"; }

  // A list that is none tells nothing: the archive and all single files are read instead.
  void read_list(bool for_changes) {
    try {
      list_ = compared_.read(!for_changes);
    } catch (const Error& error) {
      no_list_ = error.what();
      base::log::warn("the list of records is of no use, taking the archive",
                      {{"source", "osv"}, {"cause", no_list_}});
    }
  }

  // With a list the fingerprint does not say which, unless it was compared before: what the archive lacks of
  // it is found by the next comparison.
  Fetched whole() {
    if (list_) singles_ = single_files(directory_, list_.get());
    Fetched result;
    result.state = Fetched::State::full;
    result.fingerprint = list_ ? listed_archive_ : state_;
    result.bytes_fetched = bytes_;
    result.mode_reason = no_list_;
    result.collection = all_records(request_, directory_, std::move(singles_));
    if (list_ && list_->held_records() > 0) {
      result.vanished = list_->vanished_records();
      result.collection = listed_archive(std::move(result.collection), std::move(list_));
    }
    return result;
  }

  Fetched changes() {
    const std::vector<std::size_t> changed = list_->changed();
    Fetched result;
    result.vanished = list_->vanished_records();
    result.fingerprint = state_;
    result.mode_reason =
        base::format("{} of {} records have changed", changed.size(), list_->listed_records());
    compared_.remember(state_);
    if (changed.empty()) {
      result.state = Fetched::State::unchanged;
      return result;
    }
    result.state = Fetched::State::delta;
    SingleRecords records(list_, request_.cache);
    std::size_t older = 0;
    bool told_enough = true;
    for (const std::size_t index : changed) {
      const std::string name = std::string(list_->id(index)).append(ending);
      const auto bytes =
          base::read_file_if_present(directory_ / list_->directory(index) / name, largest_record);
      if (!bytes) {
        ++result.awaited;
        continue;
      }
      result.bytes_fetched += bytes->size();
      const auto version = request_.accept ? request_.accept(name, *bytes) : list_->modified(index);
      if (!version || request_.has_copies) told_enough = false;
      if (version && *version < list_->modified(index)) ++older;
      records.add(index, *bytes);
    }
    if (!told_enough) return other_copies(result.awaited, older);
    result.collection = records.finish();
    return result;
  }

  // A file that cannot be read may hide a copy in the archive that can, and where a record has several copies
  // all of them are compared. After that everything is stored as the list says, but for what is awaited.
  Fetched other_copies(std::size_t missing, std::size_t older) {
    const std::size_t awaited = missing + older;
    list_ = nullptr;
    read_list(false);
    if (!list_) {
      without_list();
      return whole();
    }
    Fetched result = whole();
    result.fingerprint = awaited == 0 ? state_ : with_awaited(state_, awaited);
    result.awaited = missing;
    result.mode_reason = "the single files that have changed do not tell which copy counts";
    return result;
  }

  Fetched unchanged() const {
    Fetched result;
    result.state = Fetched::State::unchanged;
    result.fingerprint = state_;
    return result;
  }

  const Request& request_;
  fs::path directory_;
  KnownFiles files_;
  std::string archive_;         // its part of the fingerprint
  std::string listed_archive_;  // and what follows it where a list does
  std::string state_;           // the whole fingerprint
  std::vector<fs::path> singles_;
  ComparedList compared_;
  std::shared_ptr<ModifiedList> list_;
  std::string no_list_;  // why there is none, if one lies there
  std::uint64_t bytes_ = 0;
};

}  // namespace

std::int64_t osv_modified(std::string_view record) {
  base::Arena arena;
  const base::json::Parsed parsed = base::json::parse(record, arena);
  const base::json::Value* const modified = parsed.error ? nullptr : parsed.value.find("modified");
  const auto time = modified == nullptr ? std::nullopt : base::parse_rfc3339(modified->text());
  return time ? time->seconds * 1'000'000 + time->nanos / 1000 : Versions::none;
}

std::unique_ptr<const Collection> mirror_osv_records(const Request& request, const fs::path& directory) {
  if (!is_there(directory / "all.zip")) return nullptr;
  return all_records(request, directory, single_files(directory, nullptr));
}

Fetched open_mirror_osv(const Request& request, const fs::path& directory) {
  if (!is_there(directory / "all.zip")) return {};
  return MirrorOsv(request, directory).run();
}

}  // namespace fetch
