#include "embedded/postmaster.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <system_error>
#include <thread>

#include "base/format.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "embedded/account.hpp"
#include "embedded/error.hpp"
#include "embedded/server_process.hpp"
#include "embedded/socket_directory.hpp"

namespace embedded {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr int port = 5432;  // names the socket only
constexpr milliseconds poll_pause(10);

// `path` as an element of a list setting: in double quotes, which are doubled inside.
std::string list_element(const fs::path& path) {
  std::string result = "\"";
  for (const char c : path.string()) {
    if (c == '"') result += c;
    result += c;
  }
  return result + '"';
}

// The end of the newest file of the server's own log.
std::string end_of_server_log(const fs::path& directory) {
  fs::path newest;
  fs::file_time_type newest_time;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code unreadable;
    const auto time = entry->last_write_time(unreadable);
    if (unreadable || (!newest.empty() && time < newest_time)) continue;
    newest = entry->path();
    newest_time = time;
  }
  if (newest.empty()) return "";
  const std::string text = base::read_file(newest);
  constexpr std::size_t enough = 2000;
  return text.substr(text.size() - std::min(text.size(), enough));
}

}  // namespace

std::optional<PostmasterFile> parse_postmaster_file(std::string_view text) {
  // Process, its data directory, start time, port, socket directory, listen address, shared memory, status.
  std::array<std::string_view, 8> lines;
  std::size_t begin = 0;
  for (std::string_view& line : lines) {
    if (begin >= text.size()) return std::nullopt;
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    line = text.substr(begin, end - begin);
    begin = end + 1;
  }
  PostmasterFile file;
  const auto number = [](std::string_view line, auto& value) {
    return std::from_chars(line.data(), line.data() + line.size(), value).ec == std::errc();
  };
  if (!number(lines[0], file.id) || !number(lines[3], file.port)) return std::nullopt;
  file.socket_directory = lines[4];
  file.status = lines[7].substr(0, lines[7].find_last_not_of(' ') + 1);
  return file;
}

std::optional<PostmasterFile> find_postmaster(const fs::path& data) {
  const auto text = base::read_file_if_present(data / "postmaster.pid");
  if (!text) return std::nullopt;
  auto file = parse_postmaster_file(*text);
  if (!file || !is_server_process(file->id, data)) return std::nullopt;
  return file;
}

PostmasterFile Postmaster::ensure_running(const base::FileLock& turn, seconds limit,
                                          const std::stop_token& stop) {
  const auto begin = steady_clock::now();
  seconds next_word(3);
  constexpr seconds patience_with_orphans(2);
  bool started = false;
  for (;;) {
    reap();
    const auto server = find_postmaster(data());
    if (server && server->status == "ready") return *server;
    const auto waited = std::chrono::duration_cast<seconds>(steady_clock::now() - begin);
    if (!server && usage_.try_server_lock()) {
      if (started) fail_to_start();
      this->start(turn, stop);
      started = true;
    } else if (!server && !child_ && waited >= patience_with_orphans) {
      // Busy sessions may outlive a kill of the server alone; nothing is lost with them, because what was not
      // committed is rolled back by the recovery anyway.
      end_orphans(data());
    }
    if (waited >= limit)
      throw Error(
          base::format("the embedded PostgreSQL in {} does not take connections after {} s and goes on "
                       "trying: see {}, and try again later",
                       data().string(), waited.count(), (data() / "log").string()));
    if (waited >= next_word) {
      base::log::info("waiting for the embedded PostgreSQL", {{"state", server   ? server->status
                                                                        : child_ ? "starting"
                                                                                 : "ending"},
                                                              {"seconds", waited.count()}});
      next_word = waited + seconds(5);
    }
    if (!base::sleep_for(poll_pause, stop)) throw Error("interrupted while the embedded PostgreSQL starts");
  }
}

void Postmaster::start(const base::FileLock& turn, const std::stop_token& stop) {
  Cluster cluster{data(), server_account(superuser, data_dir_, data()), {}};
  if (cluster.account) require_reachable(data_dir_, *cluster.account);
  const auto version = cluster_version(data());
  cluster.programs = choose_postgres_programs(version, data());
  if (!version) create_cluster(cluster, turn, stop);
  write_server_settings(cluster);
  const std::string socket_name = ".s.PGSQL." + std::to_string(port);
  const fs::path sockets = socket_directory(data_dir_, "postgres", socket_name, cluster.account);
  // No process of the server is alive, so that these can only mislead: their number may be somebody else's
  // now.
  base::remove_file(data() / "postmaster.pid");
  base::remove_file(sockets / (socket_name + ".lock"));

  const base::Fd log = base::open_file(start_log(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  share_ownership(start_log(), data_dir_);
  const auto server_lock = usage_.try_server_lock();
  if (!server_lock) throw Error("the lock of the embedded PostgreSQL was taken by another program");
  // What keeps the instance private stands on the command line, where no settings file can change it.
  base::Command command = cluster.command(
      "postgres", {"-D", data().string(), "-c", "listen_addresses=", "-c", "port=" + std::to_string(port),
                   "-c", "unix_socket_directories=" + list_element(sockets)});
  command.output = base::Stream::file(log);
  command.error = base::Stream::file(log);
  command.kept = {server_lock->fd().get()};
  command.new_session = true;
  child_.emplace(command);
}

void Postmaster::fail_to_start() const {
  const std::string text =
      base::read_file_if_present(start_log()).value_or("") + end_of_server_log(data() / "log");
  throw Error("the embedded PostgreSQL in " + data().string() + " did not start: " + last_words(text));
}

bool Postmaster::stop(milliseconds limit) {
  const auto deadline = steady_clock::now() + limit;
  bool asked = false;
  for (;;) {
    reap();
    const auto server = find_postmaster(data());
    if (!server && usage_.try_server_lock()) return true;
    if (server && !asked) asked = ::kill(server->id, SIGINT) == 0;
    if (steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(poll_pause);
  }
}

// Our child would stay a zombie otherwise.
void Postmaster::reap() {
  if (child_ && child_->wait_for(milliseconds(0))) child_.reset();
}

}  // namespace embedded
