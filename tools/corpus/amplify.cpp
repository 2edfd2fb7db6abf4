#include "corpus/amplify.hpp"

#include <optional>

#include "base/error.hpp"
#include "base/file_writer.hpp"
#include "base/files.hpp"
#include "base/format.hpp"
#include "base/process.hpp"
#include "corpus/gitlab_history.hpp"
#include "corpus/records.hpp"
#include "fetch/mirror.hpp"

namespace corpus {
namespace {

namespace fs = std::filesystem;

/// The rows of modified_id.csv, put in order at the end: latest first, as text, then by path.
class ModifiedList {
 public:
  explicit ModifiedList(const fs::path& path) : path_(path), rows_(path.native() + ".rows") {}

  void add(const Record& record) {
    for (const std::string& directory : record.directories)
      rows_.write(base::format("{},{}/{}\n", record.modified, directory, record.id));
  }

  // sort(1) does it in bounded memory.
  void finish() {
    rows_.close();
    base::Command command;
    command.arguments = {"sort",   "-S",  "64M", "-t",           ",",
                         "-k1,1r", "-k2", "-o",  path_.string(), rows_.path().string()};
    command.environment = {{"LC_ALL", "C"}};
    const base::RunResult result = base::run(command);
    if (!result.status.success())
      throw base::Error(base::format("cannot sort {}: {}", rows_.path().native(), result.error));
    base::remove_file(rows_.path());
  }

 private:
  fs::path path_;
  base::FileWriter rows_;
};

// Not synced to disk one by one: there may be many, and whatever happens to them can be made again.
void write_object(const fs::path& path, std::string_view bytes) {
  base::FileWriter file(path);
  file.write(bytes);
  file.close();
}

void write_osv(const Plan& plan, const Supply& supply, State state, const fs::path& to) {
  base::make_directories(to);
  base::ZipWriter archive(to / "all.zip", plan.zip64);
  ModifiedList list(to / "modified_id.csv");
  make_records(plan, supply, state, false, [&](Record&& record) {
    if (record.fate == Fate::deleted) return;
    archive.add(record.path, record.packed, base::dos_time(record.modified));
    list.add(record);
    if (record.fate == Fate::same) return;
    for (const std::string& directory : record.directories) {
      base::make_directories(to / directory);
      write_object(to / directory / record.path, record.bytes);
    }
  });
  archive.finish();
  list.finish();
}

void write_cve(const Plan& plan, const Supply& supply, State state, const fs::path& to) {
  base::make_directories(to / "delta");
  base::ZipWriter archive(to / "main.zip", plan.zip64);
  std::optional<base::ZipWriter> delta;
  if (state == State::after)
    delta.emplace(to / "delta" / base::format("{}_delta_CVEs_at_1200Z.zip", second_state_time.substr(0, 10)));
  make_records(plan, supply, state, false, [&](Record&& record) {
    if (record.fate == Fate::deleted) return;
    archive.add(record.path, record.packed, base::dos_time(record.modified));
    if (record.fate == Fate::same) return;
    delta->add("deltaCves/" + record.id + ".json", record.packed, base::dos_time(record.modified));
  });
  archive.finish();
  if (delta) delta->finish();
}

fs::path state_directory(const Plan& plan, State state) {
  return plan.to / (state == State::before ? "before" : "after");
}

/// Where the GitLab part of a state is written; a bundle is made of it afterwards.
fs::path repository_of(const Plan& plan, State state) {
  return state_directory(plan, state) / (plan.bundle ? "gitlab.git" : "gitlab");
}

void write_gitlab(const Plan& plan, const Supply& supply, State state) {
  const fs::path repository = repository_of(plan, state);
  GitHistory history = state == State::before
                           ? GitHistory::create(repository)
                           : GitHistory::continued(repository, repository_of(plan, State::before));
  make_records(plan, supply, state, state == State::after, [&](Record&& record) {
    if (record.fate == Fate::deleted)
      history.remove(record.path);
    else
      history.put(record.path, record.bytes);
  });
  history.finish();
  if (plan.bundle) write_bundle(repository, state_directory(plan, state) / "gitlab" / "advisories.bundle");
}

void write_source(const Plan& plan, const Supply& supply, State state) {
  const fs::path to = state_directory(plan, state);
  switch (supply.source) {
    case advisory::Source::osv:
      return write_osv(plan, supply, state, to / "osv");
    case advisory::Source::cve:
      return write_cve(plan, supply, state, to / "cve");
    case advisory::Source::gitlab:
      return write_gitlab(plan, supply, state);
  }
}

/// The sources of the mirror, opened, with the words of some of their records.
struct Mirror {
  base::TemporaryDirectory cache;
  Vocabulary words;
  std::map<advisory::Source, fetch::Fetched> sources;
};

void open_source(Mirror& mirror, const Plan& plan, advisory::Source source) {
  constexpr std::size_t sampled = 2000;
  fetch::Request request;
  request.source = advisory::to_string(source);
  request.full = true;
  request.cache = mirror.cache.path() / request.source;
  fetch::Fetched fetched = fetch::open_mirror(request, plan.from);
  if (!fetched.collection) return;
  const auto reader = fetched.collection->reader();
  const std::size_t step = fetched.collection->size() / sampled + 1;
  for (std::size_t i = 0; i < fetched.collection->size(); i += step) mirror.words.add(reader->read(i));
  mirror.sources.emplace(source, std::move(fetched));
}

}  // namespace

std::map<advisory::Source, std::uint64_t> amplify(const Plan& plan) {
  Mirror mirror;
  std::map<advisory::Source, std::uint64_t> originals;
  for (const advisory::Source source : advisory::all_sources) {
    open_source(mirror, plan, source);
    if (const auto found = mirror.sources.find(source); found != mirror.sources.end())
      originals[source] = found->second.collection->size();
  }
  if (originals.empty())
    throw base::Error(base::format("cannot amplify {}: it holds none of the sources", plan.from.native()));
  auto counts = share_out(plan, originals);
  for (const State state : {State::before, State::after}) {
    if (state == State::after && !plan.second_state) break;
    for (const auto& [source, count] : counts) {
      const Supply supply{source, mirror.sources.at(source).collection.get(), &mirror.words, count};
      write_source(plan, supply, state);
    }
  }
  if (plan.bundle)
    for (const State state : {State::before, State::after}) base::remove_tree(repository_of(plan, state));
  return counts;
}

}  // namespace corpus
