// The generator against a real server; the code it generated for every shape of query is compiled in and run.
#include "sqlgen/generate.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "base/files.hpp"
#include "base/process.hpp"
#include "pg/migrations.hpp"
#include "store/generated/shapes.hpp"
#include "support/paths.hpp"
#include "support/postgres.hpp"

namespace sqlgen {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono;

const fs::path root = VDS_SOURCE_DIR;
const fs::path shapes_root = root / "tests/integration/sqlgen";

base::RunResult run_sqlgen(std::vector<std::string> arguments) {
  base::Command command;
  command.arguments = {VDS_SQLGEN};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.output = base::Stream::pipe();
  command.error = base::Stream::pipe();
  return base::run(command);
}

TEST(SqlgenProgram, TheCommittedCodeIsFresh) {
  const base::RunResult result = run_sqlgen({"--check", root});  // on a throwaway server of its own
  EXPECT_EQ(result.status.code, 0) << result.error;
}

TEST(SqlgenProgram, TheCommittedCodeOfEveryShapeIsFresh) {
  const support::TestDatabase database;
  pg::Connection connection = database.connect();
  EXPECT_EQ(stale_files(shapes_root / "src/store/generated", generate(connection, shapes_root)),
            std::vector<std::string>{})
      << "run build/tools/sqlgen/sqlgen tests/integration/sqlgen";
}

/// One migrated database for all questions of a test.
class Sqlgen : public testing::Test {
 protected:
  Sqlgen() : connection_(database_.connect()) { pg::Migrator(connection_).up(); }

  /// What generating from one file says is wrong.
  std::string refusal(const std::string& sql) {
    try {
      inspect(connection_, {parse_query_file("sql/bad.sql", sql)});
    } catch (const SourceError& error) {
      return error.what();
    }
    return "generated";
  }

  /// For each column of a query whether it may be null: '?' or '!'.
  std::string nullability(const std::string& sql) {
    const auto files =
        inspect(connection_, {parse_query_file("sql/x.sql", "-- name: A :many\n" + sql + ";")});
    std::string text;
    for (const TypedName& column : files[0].queries[0].columns) text += column.nullable ? "?" : "!";
    return text;
  }

  support::TestDatabase database_;
  pg::Connection connection_;
};

TEST_F(Sqlgen, TheServerFindsMistakesAndTheirLines) {
  EXPECT_EQ(refusal("-- name: A :one\nSELECT id,\n       titel\nFROM vulnerabilities;\n\n"
                    "-- name: B :many\n-- comment\nSELECT id FROM vulnerabilities\nWHERE uid = @id::text;\n\n"
                    "-- name: C :exec\nDELETE FROM nowhere WHERE \u00e9 = 'x';\n"),
            "sql/bad.sql:3: A: column \"titel\" does not exist\n"
            "sql/bad.sql:9: B: operator does not exist: bigint = text; hint: No operator matches the given "
            "name and "
            "argument types. You might need to add explicit type casts.\n"
            "sql/bad.sql:12: C: relation \"nowhere\" does not exist");
}

TEST_F(Sqlgen, WhatHasNoTypeOrNameHereIsRefused) {
  EXPECT_EQ(refusal("-- name: A :one\nSELECT count(*) FROM jobs;\n\n"
                    "-- name: A :one\nSELECT 1 AS x;\n\n"
                    "-- name: B :one\nSELECT 1 AS x, 2 AS x;\n\n"
                    "-- name: C :one\nSELECT 1 AS \"Quoted\";\n\n"
                    "-- name: D :one\nSELECT @someThing::int AS x;\n\n"
                    "-- name: E :exec\nSELECT 1 AS x;\n\n"
                    "-- name: F :many\nDELETE FROM jobs;\n\n"
                    "-- name: G :exec\nDELETE FROM jobs WHERE id = $2;\n\n"
                    "-- name: H :one\n-- notnull: y\nSELECT 1 AS x;\n\n"
                    "-- name: I :one\n-- notnull: id\nSELECT id FROM jobs;\n"),
            "sql/bad.sql:4: there are two queries called A\n"
            "sql/bad.sql:7: B: two columns are called x\n"
            "sql/bad.sql:10: C: column \"Quoted\" needs a name in snake_case: add AS name\n"
            "sql/bad.sql:13: D: parameter someThing must be in snake_case\n"
            "sql/bad.sql:16: E: the statement returns columns: use :one or :many\n"
            "sql/bad.sql:19: F: the statement returns no columns\n"
            "sql/bad.sql:22: G: could not determine data type of parameter $1\n"
            "sql/bad.sql:26: H: notnull: there is no column y\n"
            "sql/bad.sql:30: I: notnull: column id is that already");
  EXPECT_EQ(refusal("-- name: A :one\nSELECT max_age FROM source_state;").substr(0, 91),
            "sql/bad.sql:1: A: column max_age has the type interval, which has no C++ type here: cast it");
}

TEST_F(Sqlgen, WhatCopyCannotTypeIsNotStreamed) {
  EXPECT_EQ(refusal("-- name: A :many\n-- streamed\nSELECT document FROM vulnerabilities;\n").substr(0, 77),
            "sql/bad.sql:1: A: column document has the type jsonb, which has no C++ type h");
}

TEST_F(Sqlgen, ACopyIsAnInsertOfPlainParameters) {
  const std::string values = "sql/bad.sql:1: A: :copyfrom needs the values $1, $2, ... in this order";
  EXPECT_EQ(refusal("-- name: A :copyfrom\nINSERT INTO jobs (id, type) VALUES ($2, $1);"), values);
  EXPECT_EQ(
      refusal("-- name: A :copyfrom\nINSERT INTO jobs (id, type, state) VALUES ($1, $2);").substr(0, 59),
      "sql/bad.sql:2: A: INSERT has more target columns than expre");
  EXPECT_EQ(refusal("-- name: A :copyfrom\nINSERT INTO jobs (id) VALUES (lower($1));"),
            "sql/bad.sql:1: A: :copyfrom needs INSERT INTO table (columns) VALUES ($1, $2, ...)");
}

TEST_F(Sqlgen, NullabilityComesFromTheCatalogUnlessAJoinDefeatsIt) {
  EXPECT_EQ(nullability("SELECT id, summary FROM vulnerabilities"), "!?");
  EXPECT_EQ(nullability("SELECT id || '' AS x, count(*) AS n FROM vulnerabilities GROUP BY 1"), "??");
  EXPECT_EQ(nullability("SELECT v.id, p.name FROM vulnerabilities v JOIN affected_packages p USING (uid)"),
            "!!");
  EXPECT_EQ(nullability(
                "SELECT v.id, p.name FROM vulnerabilities v left outer JOIN affected_packages p USING (uid)"),
            "??");
  EXPECT_EQ(nullability("SELECT left(id, 3) AS l, id FROM vulnerabilities"), "?!");
  EXPECT_EQ(nullability("SELECT id FROM (SELECT id FROM vulnerabilities) s"), "!");
  EXPECT_EQ(nullability("SELECT id FROM vulnerabilities UNION SELECT NULL"), "?");
  EXPECT_EQ(nullability("SELECT id, uid FROM vulnerabilities GROUP BY GROUPING SETS ((id), (uid))"), "??");
  EXPECT_EQ(nullability("SELECT total FROM vulnerability_stats"), "?");
  EXPECT_EQ(nullability("DELETE FROM jobs RETURNING id, error"), "!?");
}

TEST(SqlgenProgram, TheProgramReportsAndChecks) {
  const base::TemporaryDirectory folder;
  const support::TestDatabase database;
  base::make_directories(folder.path() / "sql");
  const auto sqlgen = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--database", database.url(), folder.path()});
    return run_sqlgen(std::move(arguments));
  };
  base::write_file_atomically(folder.path() / "sql/a.sql", "-- name: A :one\nSELECT nothing;\n");
  base::RunResult result = sqlgen({});
  EXPECT_EQ(result.status.code, 1);
  EXPECT_EQ(result.error, "sql/a.sql:2: A: column \"nothing\" does not exist\n");

  base::write_file_atomically(folder.path() / "sql/a.sql", "-- name: A :one\nSELECT 1 AS one;\n");
  EXPECT_EQ(sqlgen({"--check"}).status.code, 1);
  result = sqlgen({});
  EXPECT_EQ(result.output, "wrote src/store/generated/a.cpp\nwrote src/store/generated/a.hpp\n")
      << result.error;
  EXPECT_EQ(sqlgen({"--check"}).status.code, 0);

  base::remove_file(folder.path() / "sql/a.sql");
  result = sqlgen({"--check"});
  EXPECT_EQ(result.error,
            "src/store/generated/a.cpp is stale: run make sql-generate\n"
            "src/store/generated/a.hpp is stale: run make sql-generate\n");
  EXPECT_EQ(sqlgen({}).status.code, 0);
  EXPECT_FALSE(fs::exists(folder.path() / "src/store/generated/a.cpp"));
  EXPECT_EQ(sqlgen({"--wrong"}).status.code, 2);

  pg::Connection connection = database.connect();
  EXPECT_EQ(connection.query("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'sqlgen%'")
                .value<std::int64_t>(),
            0);
}

/// A database with two vulnerabilities, written by the generated COPY.
class GeneratedCode : public testing::Test {
 protected:
  GeneratedCode() : connection_(database_.connect()) {
    pg::Migrator(connection_).up();
    pg::RowsOf<store::sql::CopyVulnerabilitiesRow> rows;
    const std::vector<std::string_view> aliases = {"CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q"};
    store::sql::CopyVulnerabilitiesRow row;
    row.uid = 1;
    row.id = "CVE-2021-44228";
    row.aliases = aliases;
    row.summary = "Log4Shell";
    row.severity = "CRITICAL";
    row.cvss_score_tenths = 100;
    row.kev_added = 2021y / December / 10;
    row.modified = sys_days(2024y / January / 2);
    row.document = R"({"id":"CVE-2021-44228"})";
    row.document_hash = "h1";
    rows.add(row);
    row = {};
    row.uid = 2;
    row.id = "CVE-2014-0160";
    row.severity = "HIGH";
    row.document = "{}";
    row.document_hash = "h2";
    rows.add(row);
    EXPECT_EQ(store::sql::copy_vulnerabilities(connection_, rows), 2U);
  }

  support::TestDatabase database_;
  pg::Connection connection_;
};

TEST_F(GeneratedCode, ReadsWhatItCopied) {
  const auto row = store::sql::get_vulnerability(connection_, 1);
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->id, "CVE-2021-44228");
  EXPECT_EQ(row->aliases, (std::vector<std::string>{"CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q"}));
  EXPECT_EQ(row->summary, "Log4Shell");
  EXPECT_EQ(row->severity, "CRITICAL");
  EXPECT_EQ(row->cvss_score, "10.0");
  EXPECT_EQ(row->kev_added, pg::Date(2021y / December / 10));
  EXPECT_EQ(row->modified, pg::Timestamp(sys_days(2024y / January / 2)));
  EXPECT_EQ(row->document, R"({"id": "CVE-2021-44228"})");
  EXPECT_EQ(row->document_hash, "h1");
  EXPECT_EQ(row->is_withdrawn, false);
  EXPECT_EQ(store::sql::get_vulnerability(connection_, 2)->summary, std::nullopt);
  EXPECT_FALSE(store::sql::get_vulnerability(connection_, 3).has_value());
}

TEST_F(GeneratedCode, TakesEveryKindOfParameter) {
  const std::vector<std::string_view> aliases = {"GHSA-jfh8-c2jp-5v3q"};
  const std::vector<std::int64_t> uids = {1, 2};
  const std::vector<std::string_view> hashes = {"h1", "h2"};
  const auto find = [&](std::optional<pg::Enum> severity) {
    return store::sql::find_vulnerabilities(
        connection_, severity, aliases, uids, pg::BytesArray{hashes}, pg::Bytes(std::string_view("h2")),
        pg::Json{R"({"id":"CVE-2021-44228"})"}, sys_days(2020y / January / 1), 2021y / December / 10,
        pg::Numeric{"9.9"}, true);
  };
  ASSERT_EQ(find(std::nullopt).size(), 1U);
  EXPECT_EQ(find(pg::Enum{"CRITICAL"})[0].uid, 1);
  EXPECT_EQ(find(pg::Enum{"LOW"}).size(), 0U);
}

TEST_F(GeneratedCode, StreamsRowsAsTheyCome) {
  std::vector<std::string> seen;
  const auto rows =
      store::sql::every_vulnerability(connection_, [&seen](const store::sql::EveryVulnerabilityRow& row) {
        seen.push_back(std::to_string(row.uid) + " " + std::string(row.id) + " " +
                       std::to_string(row.aliases.size()) + " " + std::string(row.summary.value_or("null")) +
                       " " + std::string(row.document_hash));
      });
  EXPECT_EQ(rows, 2U);
  EXPECT_EQ(seen, (std::vector<std::string>{"2 CVE-2014-0160 0 null h2", "1 CVE-2021-44228 2 Log4Shell h1"}));
}

TEST_F(GeneratedCode, OuterJoinsGiveOptionals) {
  const auto packages = store::sql::list_packages(connection_);
  ASSERT_EQ(packages.size(), 2U);
  EXPECT_EQ(packages[0].name, std::nullopt);
}

TEST_F(GeneratedCode, ChangesRows) {
  store::sql::set_source_error(connection_, "unreachable", "osv");
  const auto error = "SELECT last_error FROM source_state WHERE source = 'osv'";
  EXPECT_EQ(connection_.query(error).value<std::string>(), "unreachable");
  store::sql::set_source_error(connection_, std::nullopt, "osv");
  EXPECT_EQ(connection_.query(error).value<std::optional<std::string>>(), std::nullopt);
  EXPECT_EQ(store::sql::rename_vulnerability(connection_, "CVE-1", "CVE-2014-0160"), 1U);
  EXPECT_EQ(store::sql::rename_vulnerability(connection_, "CVE-1", "CVE-2014-0160"), 0U);
}

}  // namespace
}  // namespace sqlgen
