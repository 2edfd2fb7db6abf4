#include "fetch/mirror_writer.hpp"

#include <utility>

#include "base/files.hpp"
#include "base/format.hpp"
#include "base/log.hpp"
#include "base/zip_writer.hpp"
#include "fetch/cve_record.hpp"
#include "fetch/git_bundle.hpp"
#include "fetch/git_command.hpp"
#include "fetch/git_remote.hpp"
#include "fetch/live_sources.hpp"
#include "fetch/mirror_index.hpp"
#include "fetch/mirror_parts.hpp"
#include "fetch/modified_list.hpp"
#include "fetch/put_file.hpp"

namespace fetch {
namespace {

namespace fs = std::filesystem;

Seconds seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

MirrorIndex read_index(const fs::path& directory) {
  const fs::path path = directory / mirror_index_name;
  const auto text = base::read_file_if_present(path);
  if (!text) return {};
  try {
    return read_mirror_index(*text, path.native());
  } catch (const Error& error) {
    base::log::warn("the mirror is written anew", {{"cause", error.what()}});
    return {};
  }
}

/// One source of one call.
class Part {
 public:
  Part(const MirrorOptions& options, const std::string& source, MirroredState& state)
      : options_(options),
        state_(state),
        directory_(options.directory / source),
        work_(options.directory / mirror_work_name / source),
        now_(seconds_now()) {
    request_.source = source;
    request_.known_fingerprint = state.fingerprint;
    request_.watermark = state.watermark;
    request_.full = options.full;
    request_.reconcile = now_ - state.whole_at >= options.reconcile_interval.count();
    request_.cache = work_;
    request_.stop = options.stop;
  }

  MirroredSource run() {
    if (request_.source == "gitlab") return gitlab();
    base::make_directories(directory_);
    if (request_.source == "osv") return osv();
    return cve();
  }

 private:
  MirroredSource osv() {
    if (!is_there(directory_ / "all.zip")) request_.known_fingerprint.clear();
    request_.for_each_stored = [this](const TakeStored& take) { for_each_held(take); };
    Fetched fetched = open_live(request_, options_.live);
    if (fetched.vanished > 0 && !request_.reconcile) {
      // Only the archive tells whether they are gone.
      result_.bytes_fetched = fetched.bytes_fetched;
      request_.reconcile = true;
      fetched = open_live(request_, options_.live);
    }
    if (fetched.state == Fetched::State::full) {
      move_file(work_ / "archive.zip", directory_ / "all.zip");
      base::remove_file(work_ / "archive.zip.fingerprint");
      take_list();
      for (const auto& entry : fs::directory_iterator(directory_))
        if (entry.is_directory()) base::remove_tree(entry.path());
    } else if (fetched.state == Fetched::State::delta) {
      fetched.awaited += write_singles(*fetched.collection);
      take_list();
    }
    return done(fetched, fetched.fingerprint);
  }

  // The version of every record that lies in the mirror.
  void for_each_held(const TakeStored& take) const {
    const auto records = mirror_osv_records(request_, directory_);
    if (records == nullptr) return;
    options_.note("osv", "comparing the list of records with the mirror");
    const auto reader = records->reader();
    for (std::size_t i = 0; i < records->size(); ++i) {
      const std::string location = records->candidate(i).location;
      take(std::string_view(location).substr(0, location.size() - std::string_view(".json").size()),
           osv_modified(reader->read(i)));
    }
  }

  /// Returns how many of them are older than the list says.
  std::size_t write_singles(const Collection& records) {
    const ModifiedList list = ModifiedList::read(File(work_ / "modified_id.csv"));
    const auto reader = records.reader();
    std::size_t behind = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const std::string name = records.candidate(i).location;
      const auto index = list.find(std::string_view(name).substr(0, name.size() - 5));
      if (!index) continue;
      const fs::path folder = directory_ / list.directory(*index);
      base::make_directories(folder);
      const std::string_view record = reader->read(i);
      put_file(folder / name, record);
      if (osv_modified(record) < list.modified(*index)) ++behind;
    }
    result_.records = records.size();
    return behind;
  }

  void take_list() const {
    const fs::path list = work_ / "modified_id.csv";
    if (is_there(list))
      put_copy(list, directory_ / "modified_id.csv");
    else
      base::remove_file(directory_ / "modified_id.csv");
  }

  MirroredSource cve() {
    const fs::path deltas = directory_ / "delta";
    if (!is_there(directory_ / "main.zip")) request_.known_fingerprint.clear();
    const Fetched fetched = open_live(request_, options_.live);
    if (fetched.state == Fetched::State::full) {
      move_file(work_ / "archive.zip", directory_ / "main.zip");
      base::remove_file(work_ / "archive.zip.fingerprint");
      base::remove_tree(deltas);
    } else if (fetched.state == Fetched::State::delta && fetched.collection->size() > 0) {
      base::make_directories(deltas);
      write_delta(*fetched.collection, deltas);
    }
    return done(fetched, fetched.fingerprint);
  }

  // Named by the time, so that their order is that of their names.
  void write_delta(const Collection& records, const fs::path& deltas) {
    std::string time = time_text(now_);
    std::erase_if(time, [](char c) { return c == ':' || c == '-'; });
    fs::path path = deltas / (time + ".zip");
    for (int number = 2; is_there(path); ++number) path = deltas / base::format("{}-{}.zip", time, number);
    const fs::path written = path.native() + ".part";
    base::remove_file(written);
    base::ZipWriter zip(written);
    base::Packer packer;
    const auto reader = records.reader();
    for (std::size_t i = 0; i < records.size(); ++i)
      zip.add(base::format("deltaCves/{}", fs::path(records.candidate(i).location).filename().native()),
              packer.pack(reader->read(i)), base::dos_time(now_));
    zip.finish();
    move_file(written, path);
    result_.records = records.size();
  }

  // The repository is the mirror: git fetches into it what it lacks.
  MirroredSource gitlab() {
    const std::string& url = options_.live.gitlab_repo_url;
    const GitHead head = gitlab_head(url, request_.stop);
    Fetched fetched;
    fetched.state = Fetched::State::unchanged;
    const bool is_here = GitRepository::find(directory_).has_value();
    if (!is_here || head.commit != state_.fingerprint) {
      if (!is_here && is_there(directory_) && !fs::is_empty(directory_))
        throw Error("no_repository", base::format("cannot write the mirror {}: it is neither empty nor a git "
                                                  "repository; remove it and try again",
                                                  directory_.native()));
      options_.note("gitlab", "fetching commit " + head.commit);
      const std::uint64_t before = bytes_in(directory_);
      const GitRepository repository = fetch_gitlab(url, head, {directory_, work_ / "lock"}, request_.stop);
      run_git(repository.git_dir(), {"update-ref", "refs/heads/main", head.commit}, request_.stop);
      const std::uint64_t after = bytes_in(directory_);
      fetched.state = is_here ? Fetched::State::delta : Fetched::State::full;
      fetched.bytes_fetched = after - std::min(before, after);
    }
    return done(fetched, head.commit);
  }

  MirroredSource done(const Fetched& fetched, const std::string& fingerprint) {
    const bool whole = fetched.state == Fetched::State::full;
    state_.fingerprint = with_awaited(fingerprint, fetched.awaited);
    if (whole || fetched.watermark) state_.watermark = fetched.watermark.value_or("");
    state_.fetched_at = now_;
    if (whole) state_.whole_at = now_;
    result_.bytes_fetched += fetched.bytes_fetched;
    result_.mode = whole ? "full" : fetched.state == Fetched::State::delta ? "delta" : "unchanged";
    return std::move(result_);
  }

  const MirrorOptions& options_;
  MirroredState& state_;
  fs::path directory_;
  fs::path work_;
  Seconds now_;
  Request request_;
  MirroredSource result_;
};

}  // namespace

std::map<std::string, MirroredSource> write_mirror(const MirrorOptions& options) {
  const fs::path work = options.directory / mirror_work_name;
  base::make_directories(options.directory);  // for whoever serves it, too
  base::make_directories(work, 0700);
  const auto lock = base::FileLock::try_acquire(work / "lock", base::FileLock::Mode::exclusive);
  if (!lock)
    throw Error("transport",
                base::format("another process is writing the mirror {}: wait for it to end",
                             options.directory.native()),
                Error::Retry::yes);
  MirrorIndex index = read_index(options.directory);
  std::map<std::string, MirroredSource> results;
  for (const std::string& source : options.sources) {
    MirroredState state = index.sources[source];
    try {
      results[source] = Part(options, source, state).run();
      index.sources[source] = std::move(state);
    } catch (const base::Error& error) {
      if (options.stop.stop_requested()) throw;
      results[source].error = error.what();
    }
  }
  options.note("", "listing the files of the mirror");
  base::sync_file_system(options.directory);
  std::erase_if(index.sources, [](const auto& entry) { return entry.second.fetched_at == 0; });
  index.files = list_mirror_files(options.directory);
  base::write_file_atomically(options.directory / mirror_index_name, to_text(index));
  return results;
}

void write_mirror_index(const fs::path& directory) {
  MirrorIndex index = read_index(directory);
  index.files = list_mirror_files(directory);
  base::write_file_atomically(directory / mirror_index_name, to_text(index));
}

}  // namespace fetch
