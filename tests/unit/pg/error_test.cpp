#include "pg/error.hpp"

#include <gtest/gtest.h>

#include "pg/connection.hpp"
#include "pg/migrations.hpp"

namespace pg {
namespace {

TEST(PgError, KnowsWhatMayBeTriedAgain) {
  for (const char* state : {"40001", "40P01", "53300", "57P01", "57P02", "57P03", "08006", "08P01"})
    EXPECT_TRUE(Error("x", state).retryable()) << state;
  for (const char* state : {"", "23505", "42P01", "57014", "53100", "28P01"})
    EXPECT_FALSE(Error("x", state).retryable()) << state;
  EXPECT_TRUE(Error("x", "", true).retryable());
}

TEST(PgError, FindsTheLineOfACharacterCountedInUtf8) {
  const std::string_view sql = "-- \u00e9\u00e9\nSELECT\n  x";
  EXPECT_EQ(line_at(sql, 0), 0);
  EXPECT_EQ(line_at(sql, 5), 1);
  EXPECT_EQ(line_at(sql, 7), 2);
  EXPECT_EQ(line_at(sql, 16), 3);
  EXPECT_EQ(line_at(sql, 99), 3);
}

TEST(PgQuote, IdentifiersAndLiterals) {
  EXPECT_EQ(quote_identifier("vulndb"), "\"vulndb\"");
  EXPECT_EQ(quote_identifier("a\"b; DROP"), "\"a\"\"b; DROP\"");
  EXPECT_EQ(quote_literal("it's"), "'it''s'");
  EXPECT_EQ(quote_literal("a\\'b"), " E'a\\\\''b'");
}

TEST(PgMigrations, ServersBefore14AreRefused) {
  EXPECT_NO_THROW(require_supported_server(140000));
  try {
    require_supported_server(130011);
    FAIL();
  } catch (const MigrationError& error) {
    EXPECT_STREQ(
        error.what(),
        "the server is PostgreSQL 13; 14 is the oldest that vuln-datasync works with: upgrade it, or "
        "use another server");
  }
}

TEST(PgMigrations, TheProgramCarriesItsOwn) {
  const std::span<const Migration> migrations = built_in_migrations();
  ASSERT_FALSE(migrations.empty());
  EXPECT_EQ(migrations[0].version, 1);
  EXPECT_EQ(migrations[0].name, "initial");
  EXPECT_NE(migrations[0].up.find("CREATE TABLE vulnerabilities"), std::string_view::npos);
  EXPECT_NE(migrations[0].down.find("DROP TABLE"), std::string_view::npos);
}

/// The message of connecting with `conninfo`.
std::string refusal(const std::string& conninfo) {
  try {
    const Connection connection(Settings{conninfo});
  } catch (const Error& error) {
    return error.what();
  }
  return "connected";
}

TEST(PgConnection, AnUnreadableStringIsRefusedWithoutItsPassword) {
  // Characters that should have been %XX: libpq's own messages would quote parts of the password.
  for (const char* conninfo : {"postgresql://u:se/cret@localhost/db", "postgresql://u:se@cret@localhost/db",
                               "host=localhost password=se cret", "postgresql://u:secret@localhost/db?cret=1",
                               "postgresql://u:se%cret@localhost/db"}) {
    const std::string message = refusal(conninfo);
    EXPECT_EQ(message.find("cret"), std::string::npos) << message;
    EXPECT_NE(message.find("postgresql://USER:PASSWORD@HOST:PORT/DATABASE"), std::string::npos) << message;
  }
}

TEST(PgConnection, AnUnreachableServerIsNamedWithoutThePassword) {
  const std::string message = refusal("postgresql://someone:secret@/things?host=/nonexistent&port=5433");
  EXPECT_EQ(message.find("secret"), std::string::npos) << message;
  EXPECT_EQ(
      message.rfind("cannot connect to PostgreSQL at socket /nonexistent:5433, database \"things\", user "
                    "\"someone\": ",
                    0),
      0U)
      << message;
}

}  // namespace
}  // namespace pg
