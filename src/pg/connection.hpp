// One session with a PostgreSQL server: how it is opened, set up, asked and cancelled.
//
// A Connection belongs to one thread at a time; only a Canceller may be used from another.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "pg/decode.hpp"
#include "pg/error.hpp"
#include "pg/params.hpp"
#include "pg/result.hpp"

struct pg_cancel;  // libpq's PGcancel
struct pg_conn;    // libpq's PGconn

namespace pg {

struct Settings {
  /// A libpq connection string, URI or keywords; where it is silent, libpq's PG* variables and defaults
  /// apply.
  std::string conninfo;
  /// Becomes the search_path: all our tables live in it.
  std::string schema = "vulndb";
  /// Labels the session in pg_stat_activity and the server's log, unless conninfo or PGAPPNAME say otherwise.
  std::string application_name = "vuln-datasync";
  /// The connection goes through PgBouncer in transaction mode, where a session's settings and prepared
  /// statements do not stay: settings are then repeated in each transaction and nothing is prepared. True for
  /// DATABASE_URL where DATABASE_DIRECT_URL is set beside it.
  bool through_pooler = false;
  /// What a statement may take before the server ends it with SQLSTATE 57014; 0: for ever.
  std::chrono::milliseconds statement_timeout{0};
};

/// SQL and the name that messages call it by.
struct Statement {
  std::string_view name;  // empty: messages show the beginning of the SQL
  std::string_view sql;

  Statement(const char* text) : sql(text) {}         // NOLINT: a literal is a statement
  Statement(std::string_view text) : sql(text) {}    // NOLINT
  Statement(const std::string& text) : sql(text) {}  // NOLINT
  Statement(std::string_view called, std::string_view text) : name(called), sql(text) {}
};

/// Cancels what its connection is executing, from any thread.
class Canceller {
 public:
  explicit Canceller(pg_cancel* handle) : handle_(handle) {}
  /// Asks the server to cancel; the thread that waits gets Error with SQLSTATE 57014. Does nothing when the
  /// connection is idle. Returns false when the server could not be asked.
  bool cancel() const noexcept;

 private:
  struct Free {
    void operator()(pg_cancel* handle) const;
  };
  std::unique_ptr<pg_cancel, Free> handle_;
};

/// One row of a COPY ... TO STDOUT; valid during the callback that it is passed to. COPY carries no types, so
/// get() checks lengths only: json, jsonb and numeric columns should be selected as ::text.
class CopyRow {
 public:
  CopyRow(const Field* fields, int count) : fields_(fields), count_(count) {}
  int columns() const { return count_; }
  bool is_null(int column) const { return field(column).is_null(); }
  template <typename Value>
  Value get(int column) const {
    return read_field<Value>(field(column));
  }

 private:
  const Field& field(int column) const;

  const Field* fields_;
  int count_;
};

class Connection {
 public:
  /// Connects and sets the session up (UTF8, UTC, search_path, keepalives, timeouts that free locks when this
  /// client vanishes). Throws Error that says where it tried to connect, never with the password; libpq does
  /// not tell refusals apart, so each counts as connection_lost().
  explicit Connection(const Settings& settings);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Runs SQL text without parameters; several statements separated by semicolons form one transaction
  /// unless one is open. Returns the rows that the last one wrote.
  std::uint64_t exec(const Statement& statement);

  /// Runs one statement with parameters $1, $2, ... Each SQL text is prepared once per connection.
  template <typename... Values>
  Result query(const Statement& statement, const Values&... values) {
    return query_params(statement, Params::of(values...));
  }
  Result query_params(const Statement& statement, const Params& params);

  /// Streams the rows of `select` (a query without parameters) through COPY in binary format, in the memory
  /// of one row. An exception from `take` cancels the query and is passed on; the connection stays usable.
  /// Returns the number of rows.
  std::uint64_t copy_out(const Statement& select, const std::function<void(const CopyRow&)>& take);

  /// The server's version as libpq counts: 150004 is 15.4. What the server said when it was connected to, and
  /// so known after the connection is lost.
  int server_version() const { return server_version_; }
  /// Where this connection goes, for messages: `socket /run/postgresql:5432, database "a", user "b"`.
  const std::string& address() const { return address_; }
  const std::string& schema() const { return settings_.schema; }
  const Settings& settings() const { return settings_; }

  /// Asks the server; false when the connection is lost.
  bool is_alive() noexcept;
  /// True when the last thing that happened to the connection was its end; asks nobody.
  bool is_lost() const noexcept;
  /// True between BEGIN and COMMIT or ROLLBACK, also when the transaction has failed.
  bool in_transaction() const;
  Canceller canceller() const;

  /// libpq's handle, for this room.
  pg_conn* native() const { return handle_.get(); }

 private:
  friend class Transaction;
  struct Close {
    void operator()(pg_conn* connection) const;
  };
  void set_up_session();
  std::uint64_t run_text(const Statement& statement);
  /// The name under which `statement` is prepared; prepares it when this is its first use.
  const std::string& prepared(const Statement& statement, const Params& params);
  Result run(const Statement& statement, const Params& params);

  Settings settings_;
  std::unique_ptr<pg_conn, Close> handle_;
  std::string address_;
  int server_version_ = 0;
  std::unordered_map<std::string, std::string> prepared_;  // SQL and parameter types -> statement name
  std::uint64_t statements_prepared_ = 0;
};

/// BEGIN now; ROLLBACK in the destructor unless commit() was called.
class Transaction {
 public:
  enum class Mode { read_write, read_only_snapshot };

  /// read_only_snapshot is REPEATABLE READ, READ ONLY: every statement sees the same state.
  explicit Transaction(Connection& connection, Mode mode = Mode::read_write);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  /// Throws Error when the server could not commit. Where that is connection_lost(), nobody knows whether it
  /// did: look before trying again.
  void commit();
  void rollback();

 private:
  Connection& connection_;
  bool open_ = true;
};

/// `name` as an SQL identifier, in double quotes.
std::string quote_identifier(std::string_view name);
/// `text` as an SQL string literal.
std::string quote_literal(std::string_view text);

}  // namespace pg
