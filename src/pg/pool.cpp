#include "pg/pool.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace pg {

namespace {

using std::chrono::steady_clock;

// A connection that idled for longer is asked whether it lives before it is handed out: firewalls and servers
// drop idle ones.
constexpr std::chrono::seconds trusted_for{15};
// How long a refusal is repeated without asking the server again.
constexpr std::chrono::milliseconds refusal_holds{500};
// Left to others of the same server: workers, an operator's psql.
constexpr int left_to_others = 10;

// What this role may open on this server, which keeps some connections for superusers.
const Statement allowed{"connections allowed", R"sql(
SELECT least(current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
             CASE WHEN r.rolconnlimit < 0 THEN 1000000 ELSE r.rolconnlimit END,
             CASE WHEN d.datconnlimit < 0 THEN 1000000 ELSE d.datconnlimit END)
FROM pg_roles r, pg_database d
WHERE r.rolname = current_user AND d.datname = current_database())sql"};

}  // namespace

Pool::Pool(std::function<Settings()> settings, const PoolSettings& limits)
    : settings_(std::move(settings)), limits_(limits), ceiling_(limits.max_connections) {}

Pool::Lease Pool::acquire() {
  std::deque<Idle> expired;  // closed after the lock is left
  std::unique_lock lock(mutex_);
  const auto deadline = steady_clock::now() + limits_.acquire_timeout;
  bool has_waited = false;
  for (;;) {
    if (auto connection = take_idle(expired)) return {*this, std::move(*connection)};
    if (open_ < ceiling()) break;
    if (!std::exchange(has_waited, true)) ++waits_;
    if (returned_.wait_until(lock, deadline) == std::cv_status::timeout && idle_.empty() &&
        open_ >= ceiling()) {
      ++timeouts_;
      throw Error("all " + std::to_string(ceiling()) +
                  " database connections are in use; raise DB_MAX_CONNS, or look for slow queries in "
                  "pg_stat_activity");
    }
  }
  if (!refusal_.empty() && steady_clock::now() - refused_at_ < refusal_holds) throw Error(refusal_, {}, true);
  ++open_;
  lock.unlock();
  return {*this, open()};
}

// An idle connection that lives; dead ones go to `expired`. The lock is held: asking one takes a round trip,
// and is rare.
std::optional<Connection> Pool::take_idle(std::deque<Idle>& expired) {
  while (!idle_.empty()) {
    Idle last = std::move(idle_.back());
    idle_.pop_back();
    if (steady_clock::now() - last.since < trusted_for || last.connection.is_alive())
      return std::move(last.connection);
    --open_;
    expired.push_back(std::move(last));
  }
  return std::nullopt;
}

Connection Pool::open() {
  try {
    Connection connection(settings_());
    learn_ceiling(connection);
    const std::scoped_lock lock(mutex_);
    refusal_.clear();
    return connection;
  } catch (const std::exception& error) {
    note_refusal(error.what());
    throw;
  }
}

// The lock is held.
int Pool::ceiling() const {
  return steady_clock::now() < crowded_until_ ? std::min(ceiling_, crowded_ceiling_) : ceiling_;
}

// Where some are open and no more can be had, what is open is the ceiling for a while.
void Pool::note_refusal(const std::string& why) {
  const std::scoped_lock lock(mutex_);
  --open_;
  refusal_ = why;
  refused_at_ = steady_clock::now();
  const bool out_of_them = why.find("too many") != std::string::npos ||
                           why.find("remaining connection slots") != std::string::npos;
  if (out_of_them && open_ > 0 && open_ < ceiling()) {
    base::log::warn("the server has no connections left; those that are open must do for a while",
                    {{"open", open_}, {"seconds", limits_.crowded_for.count() / 1000}, {"cause", why}});
    crowded_ceiling_ = open_;
    crowded_until_ = steady_clock::now() + limits_.crowded_for;
  }
  returned_.notify_one();
}

void Pool::learn_ceiling(Connection& connection) {
  {
    const std::scoped_lock lock(mutex_);
    // A pooler knows its own limits, and ours would count its server connections.
    if (std::exchange(knows_ceiling_, true) || connection.settings().through_pooler) return;
  }
  const Result result = connection.query(allowed);
  if (result.empty()) return;
  const int most = result[0].get<std::int32_t>(0);
  const int ours = std::max(most - std::min(left_to_others, most / 2), 1);
  const std::scoped_lock lock(mutex_);
  if (ours >= ceiling_) return;
  base::log::info("the server allows fewer connections than DB_MAX_CONNS",
                  {{"allowed", most}, {"configured", ceiling_}, {"pool", ours}});
  ceiling_ = ours;
}

void Pool::give_back(Connection connection) noexcept {
  std::optional<Connection> closing;
  std::optional<Idle> oldest;
  {
    const std::scoped_lock lock(mutex_);
    if (connection.in_transaction() || connection.is_lost()) {
      closing = std::move(connection);
      --open_;
    } else {
      idle_.push_back({std::move(connection), steady_clock::now()});
    }
    if (static_cast<int>(idle_.size()) > limits_.min_connections &&
        steady_clock::now() - idle_.front().since > limits_.idle_limit) {
      oldest = std::move(idle_.front());
      idle_.pop_front();
      --open_;
    }
  }
  returned_.notify_one();
}

void Pool::drop_idle() {
  std::deque<Idle> dropped;
  const std::scoped_lock lock(mutex_);
  dropped.swap(idle_);
  open_ -= static_cast<int>(dropped.size());
}

PoolUse Pool::use() const {
  const std::scoped_lock lock(mutex_);
  return {open_, open_ - static_cast<int>(idle_.size()), ceiling(), waits_, timeouts_};
}

}  // namespace pg
