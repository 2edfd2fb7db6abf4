#include "embedded/redis.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <string>
#include <string_view>
#include <thread>

#include "base/fd.hpp"
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

constexpr const char* account_name = "redis";
constexpr const char* socket_name = "redis.sock";
constexpr milliseconds poll_pause(10);
constexpr milliseconds answer_limit(500);
constexpr seconds stop_limit(60);
constexpr milliseconds interrupted_limit(1000);

// Whether a Redis at this socket takes commands: it refuses them while it reads its file.
bool answers(const fs::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket.string();
  if (path.empty() || path.size() >= sizeof address.sun_path) return false;
  std::copy(path.begin(), path.end(), address.sun_path);
  const base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return false;
  constexpr std::string_view question = "PING\r\n";
  if (::send(fd.get(), question.data(), question.size(), MSG_NOSIGNAL) != ssize_t{question.size()})
    return false;
  pollfd entry{fd.get(), POLLIN, 0};
  std::array<char, 5> answer{};
  return ::poll(&entry, 1, static_cast<int>(answer_limit.count())) == 1 &&
         ::recv(fd.get(), answer.data(), answer.size(), MSG_WAITALL) == ssize_t{answer.size()} &&
         std::string_view(answer.data(), answer.size()) == "+PONG";
}

std::string find_redis_server() {
  for (const char* const name : {"redis-server", "valkey-server"})
    if (const auto found = base::find_program(name); !found.empty()) return found;
  throw Error(
      "no Redis server is installed: install the package redis-server, or set REDIS_URL to a running "
      "server");
}

// The last lines that the server wrote before it gave up, without process and time.
std::string last_lines(std::string_view text) {
  std::string words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    // "12:M 01 Jan 2024 00:00:00.000 # Fatal error": '#' marks warnings.
    if (const std::size_t mark = line.find(" # "); mark != std::string_view::npos)
      line.remove_prefix(mark + 3);
    else if (line.find(" * ") != std::string_view::npos || line.find(" - ") != std::string_view::npos)
      continue;
    if (line.empty() || line.find("WARNING") != std::string_view::npos) continue;
    if (line.find("oO0OoO0OoO0Oo") != std::string_view::npos) continue;  // its greeting
    words = words.empty() ? std::string(line) : words.append("; ").append(line);
  }
  constexpr std::size_t enough = 400;
  if (words.size() > enough) words.erase(0, words.size() - enough);
  return words.empty() ? "it said nothing" : words;
}

}  // namespace

Redis::Redis(const RedisSettings& settings)
    : settings_{prepared_data_directory(settings.data_dir), settings.stop, settings.start_limit},
      usage_(settings_.data_dir, "redis") {
  try {
    ensure_running();
  } catch (...) {
    leave();
    throw;
  }
}

Redis::~Redis() {
  try {
    leave();
  } catch (const base::Error& error) {
    base::log::warn(error.what());
  }
  if (child_) child_->detach();  // others use it
}

bool Redis::is_running() const {
  return answers(socket_);
}

void Redis::ensure_running() {
  const base::FileLock turn = usage_.take_turn(settings_.stop);
  if (!user_) user_ = usage_.join();
  const auto begin = steady_clock::now();
  constexpr seconds patience_with_orphans(2);
  bool started = false;
  for (;;) {
    reap();
    const auto server = find_server();
    if (server) socket_ = base::read_file_if_present(run_file("redis.socket")).value_or("");
    if (server && answers(socket_)) return;
    const auto waited = steady_clock::now() - begin;
    if (!server && usage_.try_server_lock()) {
      if (started) fail_to_start();
      start();
      started = true;
    } else if (!server && !child_ && waited >= patience_with_orphans) {
      end_orphans(data());
    }
    if (waited >= settings_.start_limit)
      throw Error(base::format("the embedded Redis in {} does not answer after {} s: see {}", data().string(),
                               settings_.start_limit.count(), run_file("redis.log").string()));
    if (!base::sleep_for(poll_pause, settings_.stop))
      throw Error("interrupted while the embedded Redis starts");
  }
}

// The server as its own file of its number tells, if that process is really alive.
std::optional<pid_t> Redis::find_server() const {
  const auto text = base::read_file_if_present(data() / "redis.pid");
  pid_t id = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), id).ec != std::errc())
    return std::nullopt;
  if (!is_server_process(id, data())) return std::nullopt;
  return id;
}

void Redis::start() {
  const auto account = server_account(account_name, settings_.data_dir, data());
  if (account) require_reachable(settings_.data_dir, *account);
  const std::string program = find_redis_server();
  make_server_directory(data(), account);
  socket_ = socket_directory(settings_.data_dir, "redis", socket_name, account) / socket_name;
  base::remove_file(data() / "redis.pid");
  base::write_file_atomically(run_file("redis.socket"), socket_.string());
  share_ownership(run_file("redis.socket"), settings_.data_dir);
  const base::Fd log = base::open_file(run_file("redis.log"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  share_ownership(run_file("redis.log"), settings_.data_dir);
  const auto server_lock = usage_.try_server_lock();
  if (!server_lock) throw Error("the lock of the embedded Redis was taken by another program");
  base::Command command{{program, "--port", "0", "--unixsocket", socket_.string(), "--unixsocketperm", "700",
                         "--dir", data().string(), "--pidfile", (data() / "redis.pid").string(),
                         // Each write is in the file before it is answered, on disk a second later.
                         "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
                         // Jobs are no cache.
                         "--maxmemory-policy", "noeviction", "--daemonize", "no", "--loglevel", "notice"}};
  command.environment.emplace_back("LC_ALL", "C");
  command.directory = "/";
  command.account = account;
  command.output = base::Stream::file(log);
  command.error = base::Stream::file(log);
  command.kept = {server_lock->fd().get()};
  command.new_session = true;
  child_.emplace(command);
}

void Redis::fail_to_start() const {
  throw Error("the embedded Redis in " + data().string() + " did not start: " +
              last_lines(base::read_file_if_present(run_file("redis.log")).value_or("")));
}

void Redis::leave() {
  if (!user_) return;
  const bool interrupted = settings_.stop.stop_requested();
  // Who holds the turn that long is starting the server, and then uses it: the stopping is left to them.
  const auto turn = usage_.try_take_turn(interrupted ? interrupted_limit : seconds(10));
  user_.reset();
  if (!turn || !usage_.is_unused()) return;
  if (!stop(interrupted ? interrupted_limit : milliseconds(stop_limit)) && !interrupted)
    throw Error(base::format("the embedded Redis in {} did not stop within {} s: see {}", data().string(),
                             stop_limit.count(), run_file("redis.log").string()));
}

// SIGTERM: the append-only file is on disk, then it ends.
bool Redis::stop(milliseconds limit) {
  const auto deadline = steady_clock::now() + limit;
  bool asked = false;
  for (;;) {
    reap();
    const auto server = find_server();
    if (!server && usage_.try_server_lock()) return true;
    if (server && !asked) asked = ::kill(*server, SIGTERM) == 0;
    if (steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(poll_pause);
  }
}

// Our child would stay a zombie otherwise.
void Redis::reap() {
  if (child_ && child_->wait_for(milliseconds(0))) child_.reset();
}

}  // namespace embedded
