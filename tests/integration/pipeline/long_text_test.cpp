// Values that are longer than what PostgreSQL's indexes take keep no other record from being taken in.
#include <gtest/gtest.h>

#include <random>

#include "base/format.hpp"
#include "pipeline/sync.hpp"
#include "store/deferred_indexes.hpp"
#include "support/sync_scenario.hpp"

namespace pipeline {
namespace {

using advisory::Source;
using support::counts;
using support::osv_record;
using support::SyncScenario;

// Letters that do not compress.
std::string noise(std::size_t length) {
  std::mt19937 random(1);
  std::string text;
  while (text.size() < length) text += static_cast<char>('a' + random() % 26);
  return text;
}

std::string package(const std::string& ecosystem, const std::string& name, const std::string& purl = "") {
  return R"("affected":[{"package":{"ecosystem":")" + ecosystem + R"(","name":")" + name + '"' +
         (purl.empty() ? "" : R"(,"purl":")" + purl + '"') + R"(},"versions":["1"]}])";
}

std::string many_words() {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += base::format("w{}x{} ", i, i * 7);
  return text;
}

void put_long_texts(SyncScenario& world) {
  const auto put = [&world](const std::string& id, const std::string& members) {
    world.osv[id] = osv_record(id, "2024-01-01T00:00:00Z", members);
  };
  put("GO-2024-1", package("Go", noise(6000)));
  put("GO-2024-2", package(noise(3000), "name"));
  put("GO-2024-3", package("Go", "short", "pkg:golang/" + noise(20'000)));
  put("GO-2024-4", R"("summary":")" + many_words() + '"');
  put("GO-2024-5", R"("database_specific":{"cwe_ids":["CWE-79","CWE-)" + std::string(18'000, '7') + R"("]})");
  world.extra_osv_entries[noise(3900) + ".json"] = "{";
}

TEST(LongTexts, AreTakenInWhole) {
  SyncScenario world;
  put_long_texts(world);
  const Report report = world.sync();
  EXPECT_EQ(report.state, "succeeded");
  EXPECT_EQ(counts(report, Source::osv), "full 6 5 0 0 1 0 0");
  EXPECT_EQ(world.value("SELECT count(*) FROM deferred_indexes"), "0");
  EXPECT_EQ(world.column("SELECT name || '-' || coalesce(purl, 'none') FROM affected_packages"),
            std::vector<std::string>{"short-none"});
  EXPECT_EQ(world.value("SELECT length(document #>> '{affected,0,package,name}') FROM vulnerabilities "
                        "WHERE id = 'GO-2024-1'"),
            "6000");
  EXPECT_EQ(world.value("SELECT length(summary) FROM vulnerabilities WHERE id = 'GO-2024-4'"), "100000");
  EXPECT_EQ(
      world.value("SELECT (document ->> 'summary' LIKE '%w199999x1399993 %')::text FROM vulnerabilities "
                  "WHERE id = 'GO-2024-4'"),
      "true");
  EXPECT_EQ(world.value("SELECT cwe_ids::text FROM vulnerabilities WHERE id = 'GO-2024-5'"), "{CWE-79}");
}

TEST(LongTexts, AreTakenInByADeltaAsWell) {
  SyncScenario world;
  world.osv["GO-2024-9"] = osv_record("GO-2024-9", "2024-01-01T00:00:00Z");
  EXPECT_EQ(world.sync().state, "succeeded");
  put_long_texts(world);
  EXPECT_EQ(world.sync().state, "succeeded");
  EXPECT_EQ(world.digest(), world.digest_of_fresh_sync());
}

// As a database of a version that took in what it could not index.
TEST(LongTexts, ARowThatKeepsAnIndexFromBeingBuiltStopsNoSync) {
  SyncScenario world;
  world.osv["GO-2024-1"] = osv_record("GO-2024-1", "2024-01-01T00:00:00Z", package("Go", "a"));
  world.osv["GO-2024-2"] = osv_record("GO-2024-2", "2024-01-01T00:00:00Z", package("Go", "b"));
  EXPECT_EQ(world.sync().state, "succeeded");
  pg::Connection connection(world.database());
  connection.exec(
      "INSERT INTO deferred_indexes SELECT indexname, tablename, indexdef FROM pg_indexes "
      "WHERE indexname = 'affected_packages_name'");
  connection.exec("DROP INDEX affected_packages_name");
  connection.query("UPDATE affected_packages SET name_normalized = $1 WHERE name = 'a'", noise(6000));
  world.osv["GO-2024-1"] = osv_record("GO-2024-1", "2024-02-01T00:00:00Z", package("Go", "c"));
  EXPECT_EQ(world.sync().state, "succeeded");
  EXPECT_EQ(world.value("SELECT count(*) FROM deferred_indexes"), "0");
  EXPECT_EQ(world.digest(), world.digest_of_fresh_sync());
}

}  // namespace
}  // namespace pipeline
