#include "embedded/usage.hpp"

#include <thread>
#include <utility>

#include "base/log.hpp"
#include "embedded/account.hpp"
#include "embedded/error.hpp"

namespace embedded {

namespace fs = std::filesystem;
using base::FileLock;

Usage::Usage(const fs::path& data_dir, std::string name) : run_(data_dir / "run"), name_(std::move(name)) {
  // Under root the server's account goes through it to its socket.
  base::make_directories(run_, 0755);
  share_ownership(run_, data_dir);
}

fs::path Usage::file(const char* ending) const {
  return run_ / (name_ + ending);
}

std::optional<FileLock> Usage::try_lock(const char* ending, FileLock::Mode mode) const {
  auto result = FileLock::try_acquire(file(ending), mode);
  if (result) share_ownership(file(ending), run_);
  return result;
}

FileLock Usage::take_turn(const std::stop_token& stop) const {
  if (auto turn = try_take_turn(std::chrono::seconds(2))) return std::move(*turn);
  base::log::info("waiting for another command that starts or stops the embedded server",
                  {{"server", name_}});
  while (!stop.stop_requested())
    if (auto turn = try_take_turn(std::chrono::milliseconds(100))) return std::move(*turn);
  throw Error("interrupted while waiting for the embedded " + name_ + " server");
}

std::optional<FileLock> Usage::try_take_turn(std::chrono::milliseconds limit) const {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    auto turn = try_lock(".lock", FileLock::Mode::exclusive);
    if (turn || std::chrono::steady_clock::now() >= deadline) return turn;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

FileLock Usage::join() const {
  // Whoever tries this lock exclusively has the turn, which is ours: so it is free for sharing.
  auto result = try_lock(".users", FileLock::Mode::shared);
  if (!result) throw Error("cannot share " + file(".users").string() + ": it is locked by another program");
  return std::move(*result);
}

bool Usage::is_unused() const {
  return try_lock(".users", FileLock::Mode::exclusive).has_value();
}

std::optional<FileLock> Usage::try_server_lock() const {
  return try_lock(".server", FileLock::Mode::exclusive);
}

bool Usage::is_kept() const {
  std::error_code ignored;
  return fs::exists(file(".keep"), ignored);
}

void Usage::set_kept(bool kept) const {
  if (!kept) {
    base::remove_file(file(".keep"));
  } else if (!is_kept()) {
    base::write_file_atomically(file(".keep"),
                                "The embedded server stays up until 'vuln-datasync database stop'.\n");
    share_ownership(file(".keep"), run_);
  }
}

}  // namespace embedded
