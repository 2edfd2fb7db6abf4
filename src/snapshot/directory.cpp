#include "snapshot/directory.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "base/format.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"

namespace snapshot {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view incoming_prefix = ".incoming-";
constexpr std::string_view removed_prefix = ".removed-";

void rename_path(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) throw base::FileError("rename " + from.string() + " to", to, error.value());
}

base::FileLock take_turn(const Directory& directory) {
  base::make_directories(directory.root());
  auto lock = base::FileLock::try_acquire(directory.root() / ".export.lock", base::FileLock::Mode::exclusive);
  if (!lock)
    throw DirectoryError(base::format("another export or prune is at work in {}: try again when it is done",
                                      directory.root().string()));
  return std::move(*lock);
}

// What is left of a process that was killed: nobody but the turn's holder makes such names.
void remove_leftovers(const fs::path& root) {
  std::error_code error;
  std::vector<fs::path> leftovers;
  for (fs::directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(incoming_prefix) || name.starts_with(removed_prefix))
      leftovers.push_back(entry->path());
  }
  for (const fs::path& path : leftovers) {
    base::log::info("removing what an interrupted export left", {{"path", path.string()}});
    base::remove_tree(path);
  }
}

base::FileLock lock_for_reading(const Directory& directory, const std::string& version) {
  const auto missing = [&] {
    return DirectoryError(
        base::format("there is no snapshot {} in {}; 'vuln-datasync exports list' lists them", version,
                     directory.root().string()));
  };
  std::error_code ignored;
  if (!time_of_version(version) || !fs::exists(directory.path_of(version), ignored)) throw missing();
  base::make_directories(directory.root() / ".readers");
  auto lock = base::FileLock::acquire(directory.root() / ".readers" / version, base::FileLock::Mode::shared);
  if (!fs::exists(directory.path_of(version), ignored)) throw missing();  // removed before we had it
  return lock;
}

}  // namespace

std::string version_of(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return base::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<std::chrono::sys_seconds> time_of_version(std::string_view text) {
  if (text.size() != 16) return std::nullopt;
  const auto number = [text](std::size_t at, std::size_t digits) {
    unsigned value = 0;
    std::from_chars(text.data() + at, text.data() + at + digits, value);
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(number(0, 4))),
                                         std::chrono::month(number(4, 2)), std::chrono::day(number(6, 2))};
  const unsigned hour = number(9, 2);
  const unsigned minute = number(11, 2);
  const unsigned second = number(13, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const auto time = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                    std::chrono::seconds(second);
  if (version_of(time) != text) return std::nullopt;  // no digit, or another sign between them
  return time;
}

std::vector<std::string> Directory::versions() const {
  std::vector<std::string> result;
  std::error_code error;
  for (fs::directory_iterator entry(root_, error), end; !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (time_of_version(name) && fs::exists(entry->path() / "manifest.json", error))
      result.push_back(std::move(name));
  }
  if (error && error != std::errc::no_such_file_or_directory)
    throw base::FileError("list", root_, error.value());
  std::sort(result.begin(), result.end());
  return result;
}

std::optional<std::string> Directory::newest() const {
  const auto all = versions();
  return all.empty() ? std::nullopt : std::optional(all.back());
}

Manifest Directory::manifest(const std::string& version) const {
  const fs::path path = path_of(version) / "manifest.json";
  const auto text = time_of_version(version) ? base::read_file_if_present(path) : std::nullopt;
  if (!text)
    throw DirectoryError(base::format(
        "there is no snapshot {} in {}; 'vuln-datasync exports list' lists them", version, root_.string()));
  return parse_manifest(*text, path.string());
}

Reading::Reading(const Directory& directory, const std::string& version)
    : lock_(lock_for_reading(directory, version)) {}

Turn::Turn(Directory directory) : directory_(std::move(directory)), lock_(take_turn(directory_)) {
  remove_leftovers(directory_.root());
}

void Turn::settle_latest() {
  const fs::path& root = directory_.root();
  const auto newest = directory_.newest();
  if (!newest) return;
  const fs::path link = root / "latest";
  std::error_code ignored;
  const fs::path named = fs::read_symlink(link, ignored);
  const std::string json = "{\"version\":\"" + *newest + "\"}\n";
  if (named == *newest && base::read_file_if_present(root / "latest.json") == json) return;

  const fs::path aside = root / ".latest-new";
  base::remove_file(aside);
  std::error_code error;
  fs::create_symlink(*newest, aside, error);
  if (error) throw base::FileError("make the symbolic link", aside, error.value());
  rename_path(aside, link);
  base::write_file_atomically(root / "latest.json", json);  // syncs the directory, and so the link
}

bool Turn::remove(const std::string& version) {
  const fs::path readers = directory_.root() / ".readers" / version;
  base::make_directories(readers.parent_path());
  const auto alone = base::FileLock::try_acquire(readers, base::FileLock::Mode::exclusive);
  if (!alone) return false;
  const fs::path aside = directory_.root() / (std::string(removed_prefix) + version);
  rename_path(directory_.path_of(version), aside);
  base::sync_path(directory_.root());
  base::remove_tree(aside);
  base::remove_file(readers);
  return true;
}

Incoming::Incoming(Turn& turn, std::stop_token stop) : turn_(turn) {
  const Directory& directory = turn.directory();
  for (;;) {
    version_ = version_of(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
    const auto newest = directory.newest();
    if (!newest || *newest < version_) break;
    // Versions are in the order of their making, whatever the clock does; a clock set back by far is told.
    if (time_of_version(*newest) > std::chrono::system_clock::now() + std::chrono::minutes(1))
      throw DirectoryError(
          base::format("the newest snapshot, {}, is later than this machine's clock: set the "
                       "clock, or move that snapshot out of {}",
                       *newest, directory.root().string()));
    if (!base::sleep_for(std::chrono::milliseconds(50), stop)) throw base::Error("interrupted");
  }
  path_ = directory.root() / (std::string(incoming_prefix) + version_);
  base::make_directories(path_);
}

Incoming::~Incoming() {
  if (published_) return;
  try {
    base::remove_tree(path_);
  } catch (const base::Error& error) {
    base::log::warn("cannot remove an unfinished export; the next one will", {{"reason", error.what()}});
  }
}

void Incoming::publish() {
  base::sync_file_system(path_);
  rename_path(path_, turn_.directory().path_of(version_));
  published_ = true;
  base::sync_path(turn_.directory().root());
  turn_.settle_latest();
}

}  // namespace snapshot
