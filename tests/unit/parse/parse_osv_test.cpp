#include <gtest/gtest.h>

#include "parse/parse.hpp"
#include "support/golden.hpp"
#include "support/hostile_text.hpp"
#include "support/print_advisory.hpp"

namespace parse {
namespace {

using support::repeated;

constexpr auto osv = advisory::Source::osv;

std::string record(std::string_view members) {
  return R"({"id": "GO-2024-0001", "modified": "2024-01-02T03:04:05Z", )" + std::string(members) + "}";
}

TEST(ParseOsv, GoldenFiles) {
  support::check_golden_files("tests/unit/parse/osv", ".json", 130, [](const std::string& bytes) {
    base::Arena arena;
    return support::print(parse_osv("", bytes, arena));
  });
}

TEST(ParseOsv, AFileNamedAfterAnotherRecordIsRefused) {
  const std::string bytes = record(R"("summary": "s")");
  EXPECT_EQ(support::reason_of(osv, bytes, "Go/GO-2024-0001.json"), "accepted");
  EXPECT_EQ(support::reason_of(osv, bytes, "[EMPTY]/GO-2024-0001.json"), "accepted");
  EXPECT_EQ(support::reason_of(osv, bytes, "Go/GO-2024-0001 (2).json"), "accepted");
  EXPECT_EQ(support::reason_of(osv, bytes, "anything.json"), "accepted");
  EXPECT_EQ(support::reason_of(osv, bytes, "Go/GO-2024-0002.json"), "id-mismatch");
  EXPECT_EQ(support::reason_of(osv, bytes, "Go/GO%2D2024-0002.json"), "id-mismatch");
}

TEST(ParseOsv, HostileRecordsAreRefusedOrTakenInSoon) {
  EXPECT_EQ(support::reason_of(osv, std::string(100'000'000, 'x')), "too-large");
  EXPECT_EQ(support::reason_of(osv, record(R"("details": ")" + repeated("x", max_record_bytes) + "\"")),
            "too-large");
  EXPECT_EQ(support::reason_of(osv, record(R"("details": ")" + repeated("x", max_record_bytes / 8) + "\"")),
            "accepted");
  EXPECT_EQ(support::reason_of(osv, repeated("[", 10'000)), "too-deep");
  EXPECT_EQ(support::reason_of(osv, repeated("{\"a\":", 10'000)), "too-deep");
  EXPECT_EQ(support::reason_of(osv, record("\"x\": [" + repeated("1e999,", 1'000'000) + "1]")),
            "invalid-json");
}

TEST(ParseOsv, LongListsAreTakenInSoon) {
  const auto list = [](const char* name, std::string_view item) {
    std::string text = repeated(std::string(item) + ",", 100'000);
    text.back() = ']';
    return record("\"" + std::string(name) + "\": [" + text);
  };
  EXPECT_EQ(support::reason_of(osv, list("aliases", R"("CVE-2024-1000")")), "accepted");
  EXPECT_EQ(support::reason_of(osv, list("references", R"({"type": "?", "url": "https://example.org/"})")),
            "accepted");
  EXPECT_EQ(support::reason_of(osv, list("severity", R"({"type": "CVSS_V3", "score": "?"})")), "accepted");
  EXPECT_EQ(support::reason_of(osv, list("affected", R"({"ranges": [{"type": "?"}]})")), "accepted");
  EXPECT_EQ(support::reason_of(osv, list("affected", "[]")), "wrong-type");
}

TEST(ParseOsv, ManyDifferentKeysAreTakenInSoon) {
  EXPECT_EQ(support::reason_of(osv, record(support::numbered(R"("k#": #)", 200'000))), "accepted");
  const std::string events = support::numbered(R"({"introduced": "1.#", "fixed": "2.#"})", 100'000);
  EXPECT_EQ(support::reason_of(osv, record(R"("affected": [{"ranges": [{"type": "ECOSYSTEM", "events": [)" +
                                           events + "]}]}]")),
            "accepted");
}

}  // namespace
}  // namespace parse
