#include "embedded/postgres.hpp"

#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "base/percent.hpp"
#include "embedded/account.hpp"
#include "embedded/error.hpp"

namespace embedded {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::minutes stop_limit(5);
constexpr std::chrono::milliseconds interrupted_limit(1000);

PostgresSettings prepared(PostgresSettings settings) {
  settings.data_dir = prepared_data_directory(settings.data_dir);
  return settings;
}

[[noreturn]] void fail_to_stop(const Postmaster& postmaster) {
  throw Error("the embedded PostgreSQL in " + postmaster.data().string() +
              " did not stop within 5 minutes: see " + (postmaster.data() / "log").string());
}

}  // namespace

Postgres::Postgres(const PostgresSettings& settings)
    : settings_(prepared(settings)),
      usage_(settings_.data_dir, "postgres"),
      postmaster_(settings_.data_dir, usage_) {
  try {
    ensure_running();
  } catch (...) {
    // A server that is slow to recover goes on; one that nobody waits for any more need not.
    if (settings_.stop.stop_requested()) leave();
    throw;
  }
}

Postgres::~Postgres() {
  try {
    leave();
  } catch (const base::Error& error) {
    base::log::warn(error.what());
  }
}

void Postgres::keep() {
  usage_.set_kept(true);
}

void Postgres::ensure_running() {
  const base::FileLock turn = usage_.take_turn(settings_.stop);
  if (!user_) user_ = usage_.join();
  const PostmasterFile server = postmaster_.ensure_running(turn, settings_.start_limit, settings_.stop);
  url_ = postgres_url(server.socket_directory, server.port);
}

void Postgres::leave() {
  if (!user_) return;
  const bool interrupted = settings_.stop.stop_requested();
  // Who holds the turn that long is starting the server, and then uses it: the stopping is left to them.
  const auto turn = usage_.try_take_turn(interrupted ? interrupted_limit : std::chrono::seconds(10));
  user_.reset();
  if (!turn || !usage_.is_unused() || usage_.is_kept()) return;
  if (!postmaster_.stop(interrupted ? interrupted_limit : stop_limit) && !interrupted)
    fail_to_stop(postmaster_);
}

bool postgres_exists(const fs::path& data_dir) {
  std::error_code ignored;
  return fs::exists(data_dir / "postgres", ignored);
}

StopResult stop_postgres(const PostgresSettings& given) {
  if (!postgres_exists(given.data_dir)) return StopResult::was_not_running;
  const PostgresSettings settings = prepared(given);
  const Usage usage(settings.data_dir, "postgres");
  Postmaster postmaster(settings.data_dir, usage);
  const base::FileLock turn = usage.take_turn(settings.stop);
  usage.set_kept(false);
  if (!usage.is_unused()) return StopResult::in_use;
  if (!find_postmaster(postmaster.data()) && usage.try_server_lock()) return StopResult::was_not_running;
  if (!postmaster.stop(stop_limit)) fail_to_stop(postmaster);
  return StopResult::stopped;
}

std::string postgres_url(const fs::path& socket_directory, int port) {
  return std::string("postgresql://") + superuser + "@/" + database_name +
         "?host=" + base::percent_encoded(socket_directory.string()) + "&port=" + std::to_string(port);
}

}  // namespace embedded
