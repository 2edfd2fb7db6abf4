#include "pg/copy.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "support/postgres.hpp"

namespace pg {
namespace {

using namespace std::chrono;
using support::TestDatabase;

constexpr const char* table_of_all_types =
    "CREATE TYPE severity AS ENUM ('LOW', 'HIGH');"
    "CREATE TABLE t (i2 int2, i4 int4, i8 int8, b bool, s text, e severity, y bytea, a text[], z timestamptz,"
    "  d date, n numeric(3,1), j jsonb)";

TEST(CopyWriter, WritesEveryType) {
  const TestDatabase database;
  Connection c = database.connect_with_schema();
  c.exec(table_of_all_types);
  CopyWriter writer(c, "t", {"i2", "i4", "i8", "b", "s", "e", "y", "a", "z", "d", "n", "j"});
  RowBuffer& row = writer.rows();
  row.begin_row(12);
  row.add_int2(-2);
  row.add_int4(4);
  row.add_int8(8);
  row.add_bool(false);
  row.add_text("t\u00e9xt");
  row.add_text("HIGH");
  row.add_bytea(std::array<std::uint8_t, 2>{0, 255});
  row.add_text_array(std::vector<std::string>{"a", "b c"});
  row.add_timestamptz(sys_days(2021y / December / 10) + 1s);
  row.add_date(2021y / December / 10);
  row.add_numeric_tenths(100);
  row.add_jsonb(R"({"k":[1,2.50]})");
  writer.end_row();
  row.begin_row(12);
  for (int i = 0; i < 12; ++i) row.add_null();
  writer.end_row();
  EXPECT_EQ(writer.finish(), 2U);

  const Result result = c.query("SELECT t::text FROM t");
  ASSERT_EQ(result.size(), 2);
  EXPECT_EQ(result[0].get<std::string>(0),
            "(-2,4,8,f,t\u00e9xt,HIGH,"
            R"x("\\x00ff","{a,""b c""}","2021-12-10 00:00:01+00",2021-12-10,10.0,"{""k"": [1, 2.50]}"))x");
  EXPECT_EQ(result[1].get<std::string>(0), "(,,,,,,,,,,,)");
}

TEST(CopyWriter, SendsManyRowsAndValuesLargerThanAChunk) {
  const TestDatabase database;
  Connection c = database.connect_with_schema();
  c.exec("CREATE TABLE t (i int8, s text)");
  const std::string large(3'000'000, 'x');
  CopyWriter writer(c, "t", {"i", "s"});
  for (std::int64_t i = 0; i < 50'000; ++i) {
    writer.rows().begin_row(2);
    writer.rows().add_int8(i);
    writer.rows().add_text(i == 777 ? std::string_view(large) : "some twenty characters");
    writer.end_row();
  }
  EXPECT_EQ(writer.finish(), 50'000U);
  const Result result = c.query("SELECT count(*), sum(i)::int8, max(length(s)) FROM t");
  const Row row = result.one();
  EXPECT_EQ(row.get<std::int64_t>(0), 50'000);
  EXPECT_EQ(row.get<std::int64_t>(1), 1'249'975'000);
  EXPECT_EQ(row.get<std::int32_t>(2), 3'000'000);
}

std::string failure_of_two_rows(Connection& c, std::string_view second) {
  try {
    CopyWriter writer(c, "t", {"s"});
    for (const std::string_view text : {std::string_view("good"), second}) {
      writer.rows().begin_row(1);
      writer.rows().add_text(text);
      writer.end_row();
    }
    writer.finish();
  } catch (const Error& error) {
    return error.what();
  }
  return "written";
}

TEST(CopyWriter, AFailureNamesTableRowAndColumn) {
  const TestDatabase database;
  Connection c = database.connect_with_schema();
  c.exec("CREATE TABLE t (s text UNIQUE)");
  EXPECT_EQ(failure_of_two_rows(c, std::string_view("\0", 1)),
            "COPY into t: invalid byte sequence for encoding \"UTF8\": 0x00; in COPY t, line 2, column s");
  EXPECT_EQ(failure_of_two_rows(c, "good"),
            "COPY into t: duplicate key value violates unique constraint \"t_s_key\" (Key (s)=(good) already "
            "exists.); in COPY t, line 2");
  EXPECT_EQ(c.query("SELECT count(*) FROM t").value<std::int64_t>(), 0) << "all or nothing, and usable";
  try {
    const CopyWriter writer(c, "t", {"missing"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "COPY into t: column \"missing\" of relation \"t\" does not exist");
  }
}

TEST(CopyWriter, AnEarlyFailureOfAnEndlessCopyEndsIt) {
  const TestDatabase database;
  Connection c = database.connect_with_schema();
  c.exec("CREATE TABLE t (i int4)");
  CopyWriter writer(c, "t", {"i"});
  EXPECT_THROW(
      {
        for (int i = 0; i < 1'000'000; ++i) {
          writer.rows().begin_row(1);
          writer.rows().add_text("five!");
          writer.end_row();
        }
        writer.finish();
      },
      Error);
  EXPECT_TRUE(c.is_alive());
}

TEST(CopyWriter, AbandonedItWritesNothing) {
  const TestDatabase database;
  Connection c = database.connect_with_schema();
  c.exec("CREATE TABLE t (i int8)");
  {
    CopyWriter writer(c, "t", {"i"});
    writer.rows().begin_row(1);
    writer.rows().add_int8(1);
    writer.end_row();
  }
  EXPECT_EQ(c.query("SELECT count(*) FROM t").value<std::int64_t>(), 0);
}

TEST(CopyWriter, OneBufferPerTableSentAtOnce) {
  const TestDatabase database;
  Connection c = database.connect_with_schema();
  c.exec("CREATE TABLE \"T x\" (\"a b\" int8)");
  RowBuffer rows;
  EXPECT_EQ(copy_rows(c, "T x", {"a b"}, rows), 0U);
  for (int i = 0; i < 3; ++i) {
    rows.begin_row(1);
    rows.add_int8(i);
    rows.end_row();
  }
  EXPECT_EQ(copy_rows(c, "T x", {"a b"}, rows), 3U);
}

TEST(CopyOut, StreamsRows) {
  const TestDatabase database;
  Connection c = database.connect();
  std::int64_t sum = 0;
  std::size_t text_bytes = 0;
  int nulls = 0;
  const std::uint64_t rows = c.copy_out(
      "SELECT i, repeat('x', i % 50), CASE WHEN i % 2 = 0 THEN decode('00ff', 'hex') END "
      "FROM generate_series(1, 100000) AS i",
      [&](const CopyRow& row) {
        sum += row.get<std::int32_t>(0);
        text_bytes += row.get<std::string_view>(1).size();
        nulls += row.get<std::optional<std::string_view>>(2) ? 0 : 1;
      });
  EXPECT_EQ(rows, 100'000U);
  EXPECT_EQ(sum, 5'000'050'000);
  EXPECT_EQ(text_bytes, 2'450'000U);
  EXPECT_EQ(nulls, 50'000);
  EXPECT_EQ(c.copy_out("SELECT 1 WHERE false", [](const CopyRow&) { FAIL(); }), 0U);
}

TEST(CopyOut, AFailureInTheMiddleIsAnError) {
  const TestDatabase database;
  Connection c = database.connect();
  int seen = 0;
  try {
    c.copy_out({"ReadHashes", "SELECT 1 / (1000 - i) FROM generate_series(1, 2000) AS i"},
               [&](const CopyRow&) { ++seen; });
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "ReadHashes: division by zero");
  }
  EXPECT_LT(seen, 1000);
  EXPECT_TRUE(c.is_alive());
}

TEST(CopyOut, AnExceptionOfTheCallerCancelsTheQuery) {
  const TestDatabase database;
  Connection c = database.connect();
  struct Enough : std::exception {};
  EXPECT_THROW(c.copy_out("SELECT generate_series(1, 1000000000)",
                          [](const CopyRow& row) {
                            if (row.get<std::int32_t>(0) == 1000) throw Enough();
                          }),
               Enough);
  EXPECT_EQ(c.query("SELECT 1").value<std::int32_t>(), 1);
}

}  // namespace
}  // namespace pg
