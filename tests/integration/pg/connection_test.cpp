#include "pg/connection.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <thread>

#include "support/postgres.hpp"

namespace pg {
namespace {

using namespace std::chrono;
using support::TestDatabase;

std::string setting(Connection& connection, const std::string& name) {
  return connection.query("SELECT current_setting($1)", name).value<std::string>();
}

/// The error that `work` throws.
template <typename Work>
Error error_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error("nothing was thrown");
}

TEST(Connection, SetsTheSessionUp) {
  const TestDatabase database;
  Settings settings = database.settings();
  settings.schema = "we\"ird";
  settings.application_name = "vuln-datasync sync";
  Connection connection(settings);
  EXPECT_EQ(setting(connection, "search_path"), "\"we\"\"ird\"");
  EXPECT_EQ(setting(connection, "TimeZone"), "UTC");
  EXPECT_EQ(setting(connection, "client_encoding"), "UTF8");
  EXPECT_EQ(setting(connection, "application_name"), "vuln-datasync sync");
  EXPECT_EQ(setting(connection, "idle_in_transaction_session_timeout"), "2min");
  EXPECT_EQ(setting(connection, "statement_timeout"), "0");
  EXPECT_EQ(setting(connection, "client_connection_check_interval"), "10s");
  EXPECT_EQ(setting(connection, "jit"), "off");
  EXPECT_GE(connection.server_version(), 140000);
  EXPECT_NE(connection.address().find("database \"" + database.name() + "\""), std::string::npos);
}

TEST(Connection, ValuesGoBothWaysInBinary) {
  const TestDatabase database;
  Connection c = database.connect();
  const auto echo = [&](const std::string& type, const auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    return c.query("SELECT $1::" + type, value).template value<Value>();
  };
  EXPECT_TRUE(echo("boolean", true));
  EXPECT_EQ(echo("smallint", std::int16_t{-32768}), -32768);
  EXPECT_EQ(echo("integer", std::int32_t{-2147483647}), -2147483647);
  EXPECT_EQ(echo("bigint", std::numeric_limits<std::int64_t>::min()),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(echo("float8", 0.1), 0.1);
  EXPECT_EQ(echo("text", std::string("\u00fc'\\\n")), "\u00fc'\\\n");
  EXPECT_EQ(echo("text", std::string()), "");
  const Timestamp time = sys_days(2024y / February / 29) + 23h + 59min + 59s + microseconds(999999);
  EXPECT_EQ(echo("timestamptz", time), time);
  EXPECT_EQ(echo("timestamptz", Timestamp::max()), Timestamp::max());
  EXPECT_EQ(echo("date", Date(1y / January / 1)), Date(1y / January / 1));
  EXPECT_EQ(echo("text[]", std::vector<std::string>{"a", "", "{,}"}),
            (std::vector<std::string>{"a", "", "{,}"}));
  EXPECT_EQ(echo("text[]", std::vector<std::string>{}), std::vector<std::string>{});
  EXPECT_EQ(echo("bigint[]", std::vector<std::int64_t>{1, -1}), (std::vector<std::int64_t>{1, -1}));
  EXPECT_EQ(echo("integer[]", std::vector<std::int32_t>{7}), (std::vector<std::int32_t>{7}));
  EXPECT_EQ(echo("text", std::optional<std::string>()), std::nullopt);
  EXPECT_EQ(echo("bigint", std::optional<std::int64_t>(5)), 5);
}

TEST(Connection, ValuesMeanWhatTheServerPrints) {
  const TestDatabase database;
  Connection c = database.connect();
  c.exec("CREATE TYPE pg_temp.mood AS ENUM ('sad', 'glad')");
  const auto text = [&](const std::string& type, const auto& value) {
    return c.query("SELECT ($1::" + type + ")::text", value).template value<std::string>();
  };
  EXPECT_EQ(text("timestamptz", Timestamp(sys_days(9999y / December / 31))), "9999-12-31 00:00:00+00");
  EXPECT_EQ(text("timestamptz", Timestamp(sys_days(1y / January / 1))), "0001-01-01 00:00:00+00");
  EXPECT_EQ(text("timestamptz", Timestamp::min()), "-infinity");
  EXPECT_EQ(text("date", Date(2021y / December / 10)), "2021-12-10");
  EXPECT_EQ(text("bytea", Bytes(std::string_view("\0\xff", 2))), "\\x00ff");
  EXPECT_EQ(text("jsonb", Json{R"({"b":1,"a":[7.0]})"}), R"({"a": [7.0], "b": 1})");
  EXPECT_EQ(text("numeric", Numeric{"-12345678.90"}), "-12345678.90");
  EXPECT_EQ(text("pg_temp.mood", Enum{"glad"}), "glad");
  const std::vector<std::string_view> bytes = {std::string_view("\0", 1), "a"};
  EXPECT_EQ(text("bytea[]", BytesArray{bytes}), R"({"\\x00","\\x61"})");
}

TEST(Connection, ReadsEveryKindOfText) {
  const TestDatabase database;
  Connection c = database.connect();
  c.exec("CREATE TYPE pg_temp.mood AS ENUM ('sad', 'glad')");
  const Result result = c.query(
      "SELECT 'glad'::pg_temp.mood, '{\"a\": 1}'::jsonb, '{\"a\":1}'::json, '\\x00ff'::bytea, 'n'::name, "
      "'v'::varchar, ARRAY['sad']::pg_temp.mood[], ARRAY['\\x01']::bytea[]");
  const Row row = result.one();
  EXPECT_EQ(row.get<std::string_view>(0), "glad");
  EXPECT_EQ(row.get<std::string>(1), R"({"a": 1})");
  EXPECT_EQ(row.get<std::string>(2), R"({"a":1})");
  EXPECT_EQ(row.get<std::string>(3), std::string("\0\xff", 2));
  EXPECT_EQ(row.get<std::string>(4), "n");
  EXPECT_EQ(row.get<std::string>(5), "v");
  EXPECT_EQ(row.get<std::vector<std::string_view>>(6), std::vector<std::string_view>{"sad"});
  EXPECT_EQ(row.get<std::vector<std::string>>(7), std::vector<std::string>{"\x01"});
}

TEST(Connection, NumericReadsAsTheServerPrintsIt) {
  const TestDatabase database;
  Connection c = database.connect();
  for (const char* text : {"0", "0.0", "7.5", "10.0", "-0.5", "0.00001234", "12345678901234567890.123",
                           "100000000", "0.000", "9999.9999", "NaN", "Infinity", "-Infinity", "1.10"}) {
    const Result result = c.query("SELECT $1::numeric", Numeric{text});
    EXPECT_EQ(result.one().get<std::string>(0), text);
  }
}

TEST(Connection, AValueOfAnotherTypeIsAnErrorThatNamesTheColumn) {
  const TestDatabase database;
  Connection c = database.connect();
  const Result result =
      c.query("SELECT 1 AS one, NULL::text AS nothing, ARRAY['a', NULL] AS holes, now() AS t");
  const Row row = result.one();
  EXPECT_STREQ(
      error_of([&] { row.get<bool>(0); }).what(),
      "result column \"one\" has the type with object id 23 and 4 bytes, and cannot be read as a boolean");
  EXPECT_STREQ(error_of([&] { row.get<std::string>(1); }).what(),
               "result column \"nothing\" is null where text was expected");
  EXPECT_STREQ(error_of([&] { row.get<std::vector<std::string>>(2); }).what(),
               "result column \"holes\" is an array with a null element");
  EXPECT_THROW(row.get<std::int64_t>(3), Error);
  EXPECT_THROW(row.get<std::string>(3), Error);
  EXPECT_THROW(row.get<bool>(4), Error);
  EXPECT_EQ(row.get<std::int64_t>(0), 1) << "a narrower integer is read";
  EXPECT_THROW(c.query("SELECT 1 WHERE false").value<int>(), Error);
}

TEST(Connection, AnErrorNamesTheStatementAndCarriesItsState) {
  const TestDatabase database;
  Connection c = database.connect();
  const Error error = error_of([&] { c.query({"GetThing", "SELECT 1,\n nothing FROM pg_class"}); });
  EXPECT_STREQ(error.what(), "GetThing: column \"nothing\" does not exist");
  EXPECT_EQ(error.sqlstate(), "42703");
  EXPECT_EQ(error.position(), 12);
  EXPECT_FALSE(error.connection_lost());
  c.exec("CREATE TABLE pg_temp.t (a int PRIMARY KEY); INSERT INTO pg_temp.t VALUES (1)");
  EXPECT_STREQ(
      error_of([&] { c.exec("INSERT INTO pg_temp.t VALUES (1)"); }).what(),
      "\"INSERT INTO pg_temp.t VALUES (1)\": duplicate key value violates unique constraint \"t_pkey\" "
      "(Key (a)=(1) already exists.)");
}

TEST(Connection, PreparesEachTextOncePerParameterTypes) {
  const TestDatabase database;
  Connection c = database.connect();
  for (int i = 0; i < 3; ++i) c.query("SELECT $1", i);
  c.query("SELECT $1", "text");
  c.query("SELECT $1", std::optional<int>());
  const auto prepared = "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT $1'";
  EXPECT_EQ(c.query(prepared).value<std::int64_t>(), 3);
}

TEST(Connection, ATableThatChangedCostsOneFailureNotTheConnection) {
  const TestDatabase database;
  Connection c = database.connect();
  c.exec("CREATE TABLE pg_temp.t (a int)");
  c.query("SELECT * FROM pg_temp.t");
  c.exec("ALTER TABLE pg_temp.t ADD b int");
  EXPECT_EQ(error_of([&] { c.query("SELECT * FROM pg_temp.t"); }).sqlstate(), "0A000");
  EXPECT_EQ(c.query("SELECT * FROM pg_temp.t").columns(), 2);
  c.exec("DEALLOCATE ALL");
  EXPECT_EQ(error_of([&] { c.query("SELECT * FROM pg_temp.t"); }).sqlstate(), "26000");
  EXPECT_EQ(c.query("SELECT * FROM pg_temp.t").columns(), 2);
}

TEST(Connection, ExecRunsSeveralStatementsAndCountsTheLast) {
  const TestDatabase database;
  Connection c = database.connect();
  EXPECT_EQ(c.exec("CREATE TEMP TABLE t (a int); INSERT INTO t SELECT generate_series(1, 5)"), 5U);
  EXPECT_EQ(c.query("DELETE FROM pg_temp.t WHERE a > $1", 2).rows_affected(), 3U);
  EXPECT_THROW(c.exec("COPY pg_temp.t FROM STDIN"), Error);
  EXPECT_EQ(c.query("SELECT a FROM pg_temp.t").size(), 2) << "usable after a COPY that went wrong";
}

TEST(Connection, ALostConnectionSaysSo) {
  const TestDatabase database;
  Connection c = database.connect();
  const auto pid = c.query("SELECT pg_backend_pid()").value<std::int32_t>();
  EXPECT_TRUE(c.is_alive());
  database.connect().query("SELECT pg_terminate_backend($1, 5000)", pid);
  const Error error = error_of([&] { c.query("SELECT 1"); });
  EXPECT_TRUE(error.connection_lost());
  EXPECT_TRUE(error.retryable());
  EXPECT_FALSE(c.is_alive());
  // libpq itself would say 0 now, and a server that was killed be refused as one that is too old.
  EXPECT_EQ(c.server_version(), database.connect().server_version());
}

TEST(Connection, IsCancelledFromAnotherThread) {
  const TestDatabase database;
  Connection c = database.connect();
  const Canceller canceller = c.canceller();
  std::jthread other([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {  // until the query has begun and was hit
      canceller.cancel();
      std::this_thread::sleep_for(10ms);
    }
  });
  EXPECT_EQ(error_of([&] { c.query("SELECT pg_sleep(60)::text"); }).sqlstate(), "57014");
  other.request_stop();
  other.join();
  EXPECT_TRUE(c.is_alive());
}

TEST(Connection, BehindAPoolerEveryTransactionSetsItselfUp) {
  const TestDatabase database;
  database.connect_with_schema().exec("CREATE TABLE t (a int); INSERT INTO t VALUES (7)");
  Settings settings = database.settings();
  settings.through_pooler = true;
  Connection c(settings);
  EXPECT_EQ(c.query("SELECT a FROM t WHERE a = $1", 7).value<std::int32_t>(), 7);
  EXPECT_EQ(c.exec("UPDATE t SET a = 8"), 1U);
  EXPECT_EQ(c.copy_out("SELECT a FROM t", [](const CopyRow& row) { EXPECT_EQ(row.get<std::int32_t>(0), 8); }),
            1U);
  {
    Transaction transaction(c);
    EXPECT_EQ(setting(c, "TimeZone"), "UTC");
    c.query("UPDATE t SET a = $1", 9);
  }
  EXPECT_EQ(c.query("SELECT a FROM t").value<std::int32_t>(), 8) << "rolled back";
  EXPECT_EQ(c.query("SELECT count(*) FROM pg_prepared_statements").value<std::int64_t>(), 0);
}

TEST(Transaction, CommitsOrRollsBack) {
  const TestDatabase database;
  Connection c = database.connect_with_schema();
  c.exec("CREATE TABLE t (a int)");
  {
    Transaction transaction(c);
    EXPECT_TRUE(c.in_transaction());
    c.exec("INSERT INTO t VALUES (1)");
    transaction.commit();
  }
  {
    Transaction transaction(c);
    c.exec("INSERT INTO t VALUES (2)");
  }
  EXPECT_FALSE(c.in_transaction());
  EXPECT_EQ(c.query("SELECT a FROM t").value<std::int32_t>(), 1);
}

TEST(Transaction, CommitAfterAFailureIsAnError) {
  const TestDatabase database;
  Connection c = database.connect();
  Transaction transaction(c);
  EXPECT_THROW(c.exec("SELECT 1/0"), Error);
  EXPECT_EQ(error_of([&] { transaction.commit(); }).sqlstate(), "25P02");
  EXPECT_FALSE(c.in_transaction());
}

TEST(Transaction, ASnapshotSeesOneState) {
  const TestDatabase database;
  Connection writer = database.connect_with_schema();
  writer.exec("CREATE TABLE t (a int)");
  Connection reader = database.connect();
  Transaction snapshot(reader, Transaction::Mode::read_only_snapshot);
  EXPECT_EQ(reader.query("SELECT a FROM t").size(), 0);
  writer.exec("INSERT INTO t VALUES (1)");
  EXPECT_EQ(reader.query("SELECT a FROM t").size(), 0);
  EXPECT_EQ(error_of([&] { reader.exec("INSERT INTO t VALUES (1)"); }).sqlstate(), "25006");
}

}  // namespace
}  // namespace pg
