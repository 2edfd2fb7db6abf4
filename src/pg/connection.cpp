#include "pg/connection.hpp"

#include <new>
#include <utility>
#include <vector>

#include "pg/connection_string.hpp"
#include "pg/libpq.hpp"

namespace pg {
namespace {

using detail::ResultHandle;

/// What every session needs, as SET or, where a session's settings do not stay, SET LOCAL.
std::string session_settings(const Settings& settings, std::string_view set) {
  const std::string timeout = std::to_string(settings.statement_timeout.count());
  const std::pair<std::string_view, std::string> values[] = {
      {"search_path", quote_identifier(settings.schema)},
      {"TimeZone", "'UTC'"},
      {"statement_timeout", timeout},  // 0: a role's short default would end a long COPY or index build
      // A client that hangs inside a transaction gives its locks back.
      {"idle_in_transaction_session_timeout", "'2min'"},
      // A client whose host vanished is noticed by the server after about a minute.
      {"tcp_keepalives_idle", "30"},
      {"tcp_keepalives_interval", "10"},
      {"tcp_keepalives_count", "3"},
      {"tcp_user_timeout", "60000"},
      {"jit", "off"},  // compiling costs more than our short queries
  };
  std::string sql;
  for (const auto& [name, value] : values)
    sql.append(set).append(" ").append(name).append(" TO ").append(value).append("; ");
  return sql;
}

/// How messages call a statement: by its name or the beginning of its text.
std::string label(const Statement& statement) {
  constexpr std::size_t longest = 60;
  if (!statement.name.empty()) return std::string(statement.name);
  std::string text;
  for (const char c : statement.sql.substr(0, longest)) text += c == '\n' ? ' ' : c;
  return "\"" + text + (statement.sql.size() > longest ? "...\"" : "\"");
}

void ignore_notice(void*, const PGresult*) {}

bool is_success(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

}  // namespace

void Connection::Close::operator()(pg_conn* connection) const {
  PQfinish(connection);
}

Connection::Connection(const Settings& settings) : settings_(settings) {
  const detail::ConnectOptions options(settings);
  handle_.reset(PQconnectdbParams(options.keywords().data(), options.values().data(), 1));
  if (!handle_) throw std::bad_alloc();
  address_ = detail::address_of(handle_.get());
  if (PQstatus(handle_.get()) != CONNECTION_OK)
    throw detail::error_of(handle_.get(), nullptr, "cannot connect to PostgreSQL at " + address_);
  server_version_ = PQserverVersion(handle_.get());
  PQsetNoticeReceiver(handle_.get(), ignore_notice, nullptr);
  if (!settings_.through_pooler) set_up_session();
}

Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

void Connection::set_up_session() {
  run_text({"setting up the session", session_settings(settings_, "SET")});
  // New in PostgreSQL 14 and refused on a few platforms: ends a long query whose client is gone.
  const ResultHandle ignored{PQexec(handle_.get(), "SET client_connection_check_interval TO '10s'")};
}

std::uint64_t Connection::exec(const Statement& statement) {
  if (!settings_.through_pooler || in_transaction()) return run_text(statement);
  Transaction transaction(*this);
  const std::uint64_t rows = run_text(statement);
  transaction.commit();
  return rows;
}

std::uint64_t Connection::run_text(const Statement& statement) {
  const std::string sql(statement.sql);
  const ResultHandle result{PQexec(handle_.get(), sql.c_str())};
  if (is_success(result.get())) return detail::rows_affected(result.get());
  Error error = detail::error_of(handle_.get(), result.get(), label(statement));
  detail::drain(handle_.get());
  throw error;
}

Result Connection::query_params(const Statement& statement, const Params& params) {
  if (!settings_.through_pooler || in_transaction()) return run(statement, params);
  Transaction transaction(*this);
  Result result = run(statement, params);
  transaction.commit();
  return result;
}

Result Connection::run(const Statement& statement, const Params& params) {
  const Params::Arrays arrays = params.arrays();
  const int count = static_cast<int>(params.size());
  constexpr int binary = 1;
  ResultHandle result;
  if (settings_.through_pooler) {
    const std::string sql(statement.sql);
    result.reset(PQexecParams(handle_.get(), sql.c_str(), count, params.types().data(), arrays.values.data(),
                              arrays.lengths.data(), arrays.formats.data(), binary));
  } else {
    result.reset(PQexecPrepared(handle_.get(), prepared(statement, params).c_str(), count,
                                arrays.values.data(), arrays.lengths.data(), arrays.formats.data(), binary));
  }
  if (is_success(result.get())) return Result(result.release());
  Error error = detail::error_of(handle_.get(), result.get(), label(statement));
  detail::drain(handle_.get());
  // A migration elsewhere changed a table (0A000: the plan's result type) or somebody deallocated the
  // statement: the next attempt prepares again.
  if (error.sqlstate() == "0A000" || error.sqlstate() == "26000") prepared_.clear();
  throw error;
}

const std::string& Connection::prepared(const Statement& statement, const Params& params) {
  const std::vector<Oid>& types = params.types();
  std::string key(statement.sql);
  key.push_back('\0');
  key.append(reinterpret_cast<const char*>(types.data()), types.size() * sizeof(Oid));
  if (const auto found = prepared_.find(key); found != prepared_.end()) return found->second;

  const std::string name = "s" + std::to_string(++statements_prepared_);
  const std::string sql(statement.sql);
  const ResultHandle result{
      PQprepare(handle_.get(), name.c_str(), sql.c_str(), static_cast<int>(types.size()), types.data())};
  if (!is_success(result.get())) {
    const Error error = detail::error_of(handle_.get(), result.get(), label(statement));
    if (error.sqlstate() != "42P05") throw error;
    // duplicate_prepared_statement: the server session is shared.
    throw Error(
        std::string(error.what()) +
            "; the connection goes through a pooler in transaction mode: give sync and migrations a direct "
            "one (DATABASE_DIRECT_URL)",
        error.sqlstate());
  }
  return prepared_.emplace(std::move(key), name).first->second;
}

bool Connection::is_alive() noexcept {
  const ResultHandle result{PQexec(handle_.get(), "")};
  return PQstatus(handle_.get()) == CONNECTION_OK;
}

bool Connection::is_lost() const noexcept {
  return PQstatus(handle_.get()) != CONNECTION_OK;
}

bool Connection::in_transaction() const {
  const PGTransactionStatusType status = PQtransactionStatus(handle_.get());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

Canceller Connection::canceller() const {
  return Canceller(PQgetCancel(handle_.get()));
}

void Canceller::Free::operator()(pg_cancel* handle) const {
  PQfreeCancel(handle);
}

bool Canceller::cancel() const noexcept {
  char error[256];
  return PQcancel(handle_.get(), error, sizeof(error)) == 1;
}

Transaction::Transaction(Connection& connection, Mode mode) : connection_(connection) {
  std::string sql =
      mode == Mode::read_write ? "BEGIN; " : "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; ";
  if (connection.settings().through_pooler) sql += session_settings(connection.settings(), "SET LOCAL");
  connection.run_text({"BEGIN", sql});
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    rollback();
  } catch (const Error&) {
    // The connection is lost: the server rolls back by itself.
  }
}

void Transaction::commit() {
  open_ = false;
  const ResultHandle result{PQexec(connection_.native(), "COMMIT")};
  if (!is_success(result.get())) throw detail::error_of(connection_.native(), result.get(), "COMMIT");
  // The server answers the COMMIT of a failed transaction with success and the tag ROLLBACK.
  if (std::string_view(PQcmdStatus(result.get())) != "COMMIT")
    throw Error("COMMIT: a statement had failed, the transaction was rolled back", "25P02");
}

void Transaction::rollback() {
  open_ = false;
  connection_.run_text({"ROLLBACK", "ROLLBACK"});
}

std::string quote_identifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

std::string quote_literal(std::string_view text) {
  const bool escapes = text.find('\\') != std::string_view::npos;
  std::string quoted = escapes ? " E'" : "'";
  for (const char c : text) quoted.append(c == '\'' || c == '\\' ? 2 : 1, c);
  return quoted + "'";
}

}  // namespace pg
