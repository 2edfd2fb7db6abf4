#include "pg/migrations.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "support/postgres.hpp"

namespace pg {
namespace {

using support::TestDatabase;

constexpr std::array<Migration, 3> three{{
    {1, "one", "CREATE TABLE a (x int); CREATE VIEW v AS SELECT x FROM a", "DROP VIEW v; DROP TABLE a"},
    {2, "two", "CREATE TYPE mood AS ENUM ('sad'); ALTER TABLE a ADD m mood",
     "ALTER TABLE a DROP m; DROP TYPE mood"},
    {3, "three", "CREATE TABLE c (id bigint GENERATED ALWAYS AS IDENTITY)", "DROP TABLE c"},
}};

std::string version(Migrator& migrator) {
  const SchemaState state = migrator.state();
  return (state.version ? std::to_string(*state.version) : "none") + (state.dirty ? " dirty" : "");
}

template <typename Work>
std::string message_of(const Work& work) {
  try {
    work();
  } catch (const MigrationError& error) {
    return error.what();
  }
  return "no error";
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::int64_t objects(Connection& c) {
  return c.query("SELECT count(*) FROM pg_class WHERE relnamespace = 'vulndb'::regnamespace")
      .value<std::int64_t>();
}

TEST(Migrator, GoesUpAndDown) {
  const TestDatabase database;
  Connection c = database.connect();
  Migrator migrator(c, three);
  EXPECT_EQ(version(migrator), "none");
  EXPECT_EQ(migrator.up(2).size(), 2U);
  EXPECT_EQ(version(migrator), "2");
  const auto applied = migrator.up();
  ASSERT_EQ(applied.size(), 1U);
  EXPECT_EQ(applied[0]->name, "three");
  EXPECT_TRUE(migrator.up().empty());
  EXPECT_NO_THROW(migrator.require_current());
  EXPECT_EQ(migrator.down(2).size(), 2U);
  EXPECT_EQ(version(migrator), "1");
  EXPECT_EQ(migrator.down(Migrator::all).size(), 1U);
  EXPECT_EQ(version(migrator), "none");
  EXPECT_TRUE(migrator.down(1).empty());
}

TEST(Migrator, TheTableIsGolangMigrates) {
  const TestDatabase database;
  Connection c = database.connect();
  Migrator(c, three).up();
  const Result columns = c.query(
      "SELECT string_agg(format('%s %s %s', attname, format_type(atttypid, NULL), attnotnull), ', ' ORDER BY "
      "attnum) "
      "FROM pg_attribute WHERE attrelid = 'schema_migrations'::regclass AND attnum > 0");
  EXPECT_EQ(columns.one().get<std::string>(0), "version bigint t, dirty boolean t");
  EXPECT_EQ(c.query("SELECT schema_migrations::text FROM schema_migrations").value<std::string>(), "(3,f)");
}

TEST(Migrator, AFailedMigrationLeavesTheOneBefore) {
  const TestDatabase database;
  Connection c = database.connect();
  const std::array<Migration, 2> migrations{{
      three[0],
      {2, "bad", "CREATE TABLE b (x int);\n\nSELECT nothing;", ""},
  }};
  Migrator migrator(c, migrations);
  EXPECT_EQ(message_of([&] { migrator.up(); }),
            "migration 000002_bad.up.sql: column \"nothing\" does not exist (line 3); it was rolled back");
  EXPECT_EQ(version(migrator), "1");
  EXPECT_TRUE(c.query("SELECT to_regclass('b') IS NULL").value<bool>());
  EXPECT_TRUE(contains(message_of([&] { migrator.require_current(); }),
                       "is at version 1 and this program needs 2: run `vuln-datasync migrate up`"));
}

TEST(Migrator, AMigrationMustNotEndItsTransaction) {
  const TestDatabase database;
  Connection c = database.connect();
  const std::array<Migration, 1> migrations{{{1, "commits", "CREATE TABLE b (x int); COMMIT;", ""}}};
  Migrator migrator(c, migrations);
  EXPECT_EQ(message_of([&] { migrator.up(); }),
            "migration 000001_commits.up.sql ended the transaction it runs in: it must not contain COMMIT");
}

TEST(Migrator, ADirtyVersionIsExplainedAndForced) {
  const TestDatabase database;
  Connection c = database.connect();
  Migrator migrator(c, three);
  migrator.up(1);
  c.exec("UPDATE schema_migrations SET version = 2, dirty = true");
  EXPECT_EQ(version(migrator), "2 dirty");
  for (const std::string& message :
       {message_of([&] { migrator.up(); }), message_of([&] { migrator.down(1); }),
        message_of([&] { migrator.require_current(); })}) {
    EXPECT_TRUE(contains(message, "is marked dirty at version 2")) << message;
    EXPECT_TRUE(contains(message, "`vuln-datasync migrate force V`")) << message;
  }
  migrator.force(1);
  EXPECT_EQ(migrator.up().size(), 2U);
  EXPECT_EQ(message_of([&] { migrator.force(9); }), "there is no migration 9; the latest is 3");
  migrator.force(std::nullopt);
  EXPECT_EQ(version(migrator), "none");
  c.exec(
      "INSERT INTO schema_migrations VALUES (-1, true)");  // golang-migrate: the first one failed going down
  EXPECT_EQ(version(migrator), "none dirty");
}

TEST(Migrator, ANewerSchemaIsRefused) {
  const TestDatabase database;
  Connection c = database.connect();
  Migrator(c, three).up();
  Migrator older(c, std::span(three).first(2));
  for (const std::string& message : {message_of([&] { older.up(); }), message_of([&] { older.down(1); }),
                                     message_of([&] { older.require_current(); })}) {
    EXPECT_TRUE(contains(
        message, "is at version 3, which this program does not know (its latest is 2); use the newer"))
        << message;
  }
}

TEST(Migrator, ResetDropsWhatIsInTheSchemaAndGoesUp) {
  const TestDatabase database;
  Connection c = database.connect();
  Migrator migrator(c, three);
  migrator.up();
  const std::int64_t fresh = objects(c);
  c.exec(
      "UPDATE schema_migrations SET version = 77, dirty = true;"
      "CREATE MATERIALIZED VIEW m AS SELECT x FROM a; CREATE SEQUENCE s; CREATE DOMAIN d AS mood;"
      "CREATE TABLE p (x d) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p DEFAULT;"
      "CREATE FUNCTION f(int, text) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE pair AS (x int, y "
      "int);"
      "CREATE TABLE \"Quo\"\"ted\" (x int DEFAULT f(1, ''));"
      "CREATE FUNCTION on_a() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
      "CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION on_a()");
  migrator.reset();
  EXPECT_EQ(version(migrator), "3");
  EXPECT_EQ(objects(c), fresh);
  EXPECT_EQ(c.query("SELECT count(*) FROM pg_proc WHERE pronamespace = 'vulndb'::regnamespace")
                .value<std::int64_t>(),
            0);
}

TEST(Migrator, ResetKeepsTheHandsOffOtherSchemas) {
  const TestDatabase database;
  Connection c = database.connect();
  Migrator migrator(c, three);
  migrator.up();
  c.exec("CREATE SCHEMA reports; CREATE VIEW reports.r AS SELECT x FROM vulndb.a");
  try {
    migrator.reset();
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(contains(error.what(), "view reports.r depends on table a")) << error.what();
  }
  EXPECT_EQ(version(migrator), "3");
}

TEST(Migrator, SeveralAtOnceApplyEachMigrationOnce) {
  const TestDatabase database;
  std::array<std::size_t, 4> applied{};
  {
    std::vector<std::jthread> threads;
    for (std::size_t& count : applied)
      threads.emplace_back([&database, &count] {
        Connection c = database.connect();
        count = Migrator(c, three).up().size();
      });
  }
  EXPECT_EQ(applied[0] + applied[1] + applied[2] + applied[3], 3U);
}

TEST(Migrator, WaitsForTheCommandLineOfGolangMigrate) {
  const TestDatabase database;
  // cppcheck-suppress duplicateAssignExpression ; two sessions
  Connection c = database.connect();
  Connection other = database.connect();
  Transaction holder(other);
  // What golang-migrate 4 computes for schema "vulndb" of this database: CRC-32 times its salt.
  const std::string names = std::string("vulndb") + '\0' + "schema_migrations" + '\0' + "/" + database.name();
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char byte : names) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xEDB88320U & (0U - (crc & 1U)));
  }
  other.query("SELECT pg_advisory_xact_lock($1)::text",
              static_cast<std::int64_t>(std::uint32_t{~crc * 1486364155U}));
  c.exec("SET lock_timeout = '100ms'");
  try {
    Migrator(c, three).up();
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "waiting for the migration lock: canceling statement due to lock timeout");
  }
}

TEST(Migrator, ARoleThatOwnsOnlyItsSchemaCanMigrate) {
  const TestDatabase database;
  Connection admin = database.connect();
  const std::string role = database.name() + "_role";
  admin.exec("CREATE ROLE " + role + " LOGIN");
  {
    Connection c(database.settings(role));
    Migrator migrator(c, three);
    const std::string missing = message_of([&] { migrator.up(); });
    EXPECT_TRUE(contains(missing, "CREATE SCHEMA \"vulndb\" AUTHORIZATION \"" + role + "\"")) << missing;

    admin.exec("CREATE SCHEMA vulndb");
    const std::string not_ours = message_of([&] { migrator.up(); });
    EXPECT_TRUE(contains(not_ours, "GRANT USAGE, CREATE ON SCHEMA \"vulndb\" TO \"" + role + "\""))
        << not_ours;

    admin.exec("ALTER SCHEMA vulndb OWNER TO " + role);
    EXPECT_EQ(migrator.up().size(), 3U);
    migrator.reset();
  }
  admin.exec("DROP SCHEMA vulndb CASCADE; DROP ROLE " + role);
}

TEST(Migrator, AReaderWithoutWritePrivilegesIsToldTheVersion) {
  const TestDatabase database;
  Connection admin = database.connect();
  const std::string role = database.name() + "_role";
  Migrator(admin, three).up();
  admin.exec("CREATE ROLE " + role + " LOGIN; GRANT USAGE ON SCHEMA vulndb TO " + role +
             "; GRANT SELECT ON ALL TABLES IN SCHEMA vulndb TO " + role);
  {
    Connection c(database.settings(role));
    Migrator migrator(c, three);
    EXPECT_NO_THROW(migrator.require_current());
    EXPECT_TRUE(migrator.up().empty());
  }
  admin.exec("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST(Migrator, OurOwnMigrationsGoUpDownAndUp) {
  const TestDatabase database;
  Connection c = database.connect();
  Migrator migrator(c);
  EXPECT_EQ(migrator.up().size(), built_in_migrations().size());
  migrator.down(Migrator::all);
  EXPECT_EQ(objects(c), 2) << "schema_migrations and its key";
  EXPECT_EQ(
      c.query("SELECT count(*) FROM pg_type WHERE typnamespace = 'vulndb'::regnamespace AND typtype = 'e'")
          .value<std::int64_t>(),
      0);
  migrator.up();
  migrator.reset();
  EXPECT_NO_THROW(migrator.require_current());
}

TEST(Migrator, OurFirstSchemaGoesForwardAndBackWithItsData) {
  const TestDatabase database;
  Connection c = database.connect();
  Migrator migrator(c);
  migrator.up(1);
  c.exec(
      "INSERT INTO vulnerabilities (uid, id, aliases, sources, severity, cwe_ids, modified, first_seen,"
      " updated_at, document, document_hash)"
      " SELECT n, 'CVE-2024-' || n, '{}', '{cve}', 'UNKNOWN', '{}', now(), now(), now(), '{}', ''"
      " FROM generate_series(1, 3) n; UPDATE feed SET value = 3");
  migrator.up();
  EXPECT_EQ(c.query("SELECT value || ' ' || vulnerabilities FROM feed").value<std::string>(), "3 3");
  migrator.down(built_in_migrations().size() - 1);
  EXPECT_EQ(version(migrator), "1");
  EXPECT_EQ(c.query("SELECT count(*) FROM vulnerabilities").value<std::int64_t>(), 3);
  EXPECT_EQ(c.query("SELECT value FROM feed").value<std::int64_t>(), 3);
  migrator.up();
  EXPECT_EQ(c.query("SELECT vulnerabilities FROM feed").value<std::int64_t>(), 3);
}

TEST(Migrator, RefusesADatabaseThatHasNoPlaceForEveryText) {
  const TestDatabase database;
  Connection server = database.connect();
  const std::string name = database.name() + "_latin1";
  server.exec("CREATE DATABASE " + name + " ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  Settings settings = database.settings();
  settings.conninfo.replace(settings.conninfo.find(database.name()), database.name().size(), name);
  {
    Connection connection(settings);
    EXPECT_TRUE(contains(message_of([&] { Migrator(connection).up(); }), "has the encoding LATIN1"));
  }
  server.exec("DROP DATABASE " + name);
}

}  // namespace
}  // namespace pg
