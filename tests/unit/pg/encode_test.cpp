#include "pg/encode.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/hash.hpp"
#include "pg/copy.hpp"
#include "pg/decode.hpp"

namespace pg {
namespace {

using namespace std::chrono;

TEST(PgEncode, TimesCountFrom2000AndStayInsideTheYears1To9999) {
  EXPECT_EQ(encode::timestamp(sys_days(2000y / January / 1)), 0);
  EXPECT_EQ(encode::timestamp(sys_days(1970y / January / 1)), -946684800000000);
  EXPECT_EQ(encode::timestamp(sys_days(1y / January / 1)), -63082281600000000);
  EXPECT_EQ(encode::timestamp(sys_days(year(-100) / January / 1)), -63082281600000000);
  EXPECT_EQ(encode::timestamp(sys_days(year(12000) / January / 1)), 252455615999999999);
  EXPECT_EQ(encode::timestamp(Timestamp::max()), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(encode::timestamp(Timestamp::min()), std::numeric_limits<std::int64_t>::min());
}

std::string numeric(std::int32_t tenths) {
  std::string bytes;
  encode::numeric_tenths(bytes, tenths);
  const Field field{bytes.data(), static_cast<std::int32_t>(bytes.size()), oid::numeric, nullptr, 0};
  return decode<std::string>(field);
}

TEST(PgEncode, NumericFromTenths) {
  EXPECT_EQ(numeric(0), "0.0");
  EXPECT_EQ(numeric(1), "0.1");
  EXPECT_EQ(numeric(98), "9.8");
  EXPECT_EQ(numeric(100), "10.0");
  EXPECT_EQ(numeric(-15), "-1.5");
  EXPECT_EQ(numeric(100000), "10000.0");
  EXPECT_EQ(numeric(2147483647), "214748364.7");
}

TEST(PgEncode, EveryNumberOfTenthsReadsBack) {
  EXPECT_TRUE(rc::check([](std::int32_t tenths) {
    const auto magnitude = std::to_string(std::abs(std::int64_t{tenths}) / 10) + "." +
                           std::to_string(std::abs(std::int64_t{tenths}) % 10);
    RC_ASSERT(numeric(tenths) == (tenths < 0 ? "-" : "") + magnitude);
  }));
}

TEST(PgEncode, AValueThatPostgresqlCannotHoldIsRefused) {
  EXPECT_EQ(encode::checked_length(0x3fffffff), 0x3fffffff);
  EXPECT_THROW(encode::checked_length(0x40000000), Error);
}

TEST(PgRowBuffer, EncodesARow) {
  RowBuffer rows;
  rows.begin_row(4);
  rows.add_int4(258);
  rows.add_null();
  rows.add_text("ab");
  rows.add_bool(true);
  rows.end_row();
  EXPECT_EQ(base::to_hex(rows.bytes()),
            "0004"
            "00000004"
            "00000102"
            "ffffffff"
            "00000002"
            "6162"
            "00000001"
            "01");
  EXPECT_EQ(rows.rows(), 1U);
}

TEST(PgRowBuffer, AHalfBuiltRowIsTakenBack) {
  RowBuffer rows;
  rows.begin_row(1);
  rows.add_int2(1);
  rows.end_row();
  const std::string complete(rows.bytes());
  rows.begin_row(2);
  rows.add_text("never");
  EXPECT_EQ(rows.bytes(), complete);
  rows.take_back_row();
  rows.begin_row(2);
  rows.add_text("neither");
  rows.begin_row(1);
  rows.add_int2(2);
  rows.end_row();
  EXPECT_EQ(base::to_hex(rows.bytes()),
            "0001"
            "00000002"
            "0001"
            "0001"
            "00000002"
            "0002");
  EXPECT_EQ(rows.rows(), 2U);
}

TEST(PgRowBuffer, ARowOfTheWrongLengthIsAnError) {
  RowBuffer rows;
  rows.begin_row(2);
  rows.add_int2(1);
  EXPECT_THROW(rows.end_row(), Error);
  EXPECT_TRUE(rows.empty());
}

TEST(PgRowBuffer, ClearKeepsTheRowThatIsBeingBuilt) {
  RowBuffer rows;
  rows.begin_row(1);
  rows.add_int2(1);
  rows.end_row();
  rows.begin_row(1);
  rows.add_int2(2);
  rows.clear();
  rows.end_row();
  EXPECT_EQ(base::to_hex(rows.bytes()),
            "0001"
            "00000002"
            "0002");
}

/// The value, or nothing where it was refused; whatever else happens fails the test.
template <typename Value>
std::optional<Value> try_decode(const std::string& bytes, Oid type) {
  const Field field{bytes.data(), static_cast<std::int32_t>(bytes.size()), type, "claims", 0};
  try {
    return decode<Value>(field);
  } catch (const Error&) {
    return std::nullopt;
  }
}

TEST(PgDecode, ArraysReadBack) {
  EXPECT_TRUE(rc::check([](const std::vector<std::string>& texts) {
    std::string bytes;
    encode::array_header(bytes, oid::text, texts.size());
    for (const std::string& text : texts) encode::field(bytes, text);
    RC_ASSERT(try_decode<std::vector<std::string>>(bytes, oid::text_array) == texts);
  }));
}

TEST(PgDecode, BrokenBytesAreRefusedAndNothingBeyondThemIsRead) {
  std::string array;
  encode::array_header(array, oid::text, 2);
  encode::field(array, "abc");
  encode::field(array, "de");
  std::string number;
  encode::numeric_tenths(number, 123456);
  const auto broken = [](std::string bytes) {
    const auto size = *rc::gen::inRange<std::size_t>(0, bytes.size() + 1);
    bytes.resize(size);
    for (char& byte : bytes)
      if (*rc::gen::inRange(0, 8) == 0) byte = *rc::gen::arbitrary<char>();
    return bytes;
  };
  EXPECT_TRUE(rc::check([&] {
    try_decode<std::vector<std::string>>(broken(array), oid::text_array);
    try_decode<std::vector<std::int64_t>>(broken(array), oid::int8_array);
    try_decode<std::string>(broken(number), oid::numeric);
    try_decode<std::string>(broken("\x01{}"), oid::jsonb);
  }));
}

TEST(PgDecode, AnArrayThatEndsTooEarlySaysSo) {
  std::string bytes;
  encode::array_header(bytes, oid::text, 1);
  encode::integer<std::int32_t>(bytes, 1000);
  const Field field{bytes.data(), static_cast<std::int32_t>(bytes.size()), oid::text_array, "claims", 0};
  try {
    decode<std::vector<std::string>>(field);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "result column \"claims\" ends too early");
  }
}

}  // namespace
}  // namespace pg
