// Random small worlds with random pasts. Whatever happened on the way (which sources were read when, in what
// order, in what batches, as a delta or in full, with records that were unreadable for a while), the database
// ends as a fresh one that is given the last state alone, and so does a reader of the change feed.
//
// VDS_PROPERTY_RUNS=1000 tries more of them; a failure names its seed, and VDS_PROPERTY_SEED=60 tries that
// one.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <set>

#include "pipeline/sync.hpp"
#include "support/cve_project.hpp"
#include "support/git_builder.hpp"
#include "support/sync_scenario.hpp"

namespace pipeline {
namespace {

using advisory::Source;

const std::string file_that_stays = "gem/stays/CVE-1999-9998.yml";

class World {
 public:
  explicit World(unsigned seed) : random_(seed), repository_(scenario_.mirror() / "gitlab") {
    scenario_.options.allow_mass_delete = true;
    // Records that stay, so that no source is ever empty.
    scenario_.osv["GO-2024-9999"] = support::osv_record("GO-2024-9999", "2024-01-01T00:00:00Z");
    scenario_.cve["CVE-1999-9999"] = support::cve_record("CVE-1999-9999", "Stays.");
    put_gitlab(file_that_stays, "stays", "CVE-1999-9998");
  }

  void live() {
    const int steps = 2 + pick(3);
    for (int step = 0; step < steps; ++step) {
      change(true);
      sync(some_sources());
    }
    change(false);
    sync({Source::osv, Source::gitlab, Source::cve});
  }

  void expect_like_fresh() {
    EXPECT_EQ(scenario_.digest(), scenario_.digest_of_fresh_sync());
    // Each lookup finds what a reader of the documents would expect.
    EXPECT_EQ(scenario_.value("SELECT count(*) FROM vulnerability_aliases a"
                              " LEFT JOIN vulnerabilities v USING (uid) WHERE v.uid IS NULL"),
              "0");
    EXPECT_EQ(scenario_.value("SELECT count(*) FROM vulnerabilities v"
                              " WHERE ARRAY(SELECT alias COLLATE \"C\" FROM vulnerability_aliases a"
                              " WHERE a.uid = v.uid AND kind = 'alias' ORDER BY 1)"
                              " <> ARRAY(SELECT unnest(v.aliases) COLLATE \"C\" ORDER BY 1)"),
              "0");
    EXPECT_EQ(scenario_.value("SELECT count(*) FROM affected_packages p"
                              " LEFT JOIN vulnerabilities v USING (uid) WHERE v.uid IS NULL"),
              "0");
    // The counts that each batch adds to are right.
    EXPECT_EQ(scenario_.value("SELECT vulnerabilities - (SELECT count(*) FROM vulnerabilities) FROM feed"),
              "0");
    EXPECT_EQ(scenario_.value("SELECT count(*) FROM source_state s WHERE records <>"
                              " (SELECT count(*) FROM source_records r"
                              "  WHERE r.source = s.source AND removed_at IS NULL)"),
              "0");
    EXPECT_EQ(scenario_.value("SELECT coalesce(string_agg(record_id, ' '), 'nothing') FROM quarantine"),
              "nothing");
    EXPECT_EQ(scenario_.value(told_by_the_feed), "0");
  }

 private:
  // Rows on which the last word of the feed about a vulnerability and its present state differ.
  static constexpr std::string_view told_by_the_feed =
      "SELECT count(*) FROM (SELECT DISTINCT ON (uid) uid, id, kind, document_hash FROM changes"
      " ORDER BY uid, cursor DESC) c FULL JOIN vulnerabilities v USING (uid)"
      " WHERE CASE WHEN v.uid IS NULL THEN c.kind NOT IN ('removed', 'merged')"
      " ELSE c.uid IS NULL OR c.id <> v.id OR c.document_hash <> v.document_hash END";

  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  bool toss(int in = 2) { return pick(in) == 0; }
  template <typename T>
  const T& any(const std::vector<T>& items) {
    return items[static_cast<std::size_t>(pick(static_cast<int>(items.size())))];
  }

  std::string any_uuid() { return "u" + std::to_string(1 + pick(3)); }

  std::string time() { return "2024-0" + std::to_string(1 + pick(9)) + "-11T00:00:00Z"; }

  // Few ids and many claims, so that groups meet, part and are fought over.
  std::string aliases() {
    static const std::vector<std::string> ids = {
        "CVE-2024-0001",       "CVE-2024-0002", "CVE-2024-0003", "GHSA-aaaa-bbbb-cccc",
        "GHSA-dddd-eeee-ffff", "GO-2024-0001",  "PYSEC-2024-1"};
    std::string list;
    for (int i = pick(4); i > 0; --i) list += (list.empty() ? "\"" : ",\"") + any(ids) + "\"";
    return "\"aliases\":[" + list + "]";
  }

  std::string osv_members() {
    std::string text = aliases() + ",\"summary\":\"S" + std::to_string(pick(3)) + "\"";
    if (toss(5)) text += R"(,"withdrawn":"2024-10-01T00:00:00Z")";
    if (toss())
      text += R"(,"affected":[{"package":{"ecosystem":"Go","name":"p)" + std::to_string(pick(2)) +
              R"("},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.)" +
              std::to_string(pick(3)) + R"("}]}]}])";
    return text;
  }

  void change_osv(bool may_be_unreadable) {
    static const std::vector<std::string> ids = {"GHSA-aaaa-bbbb-cccc", "GHSA-dddd-eeee-ffff", "GO-2024-0001",
                                                 "PYSEC-2024-1", "RUSTSEC-2024-0001"};
    const std::string& id = any(ids);
    if (toss(4))
      scenario_.osv.erase(id);
    else if (may_be_unreadable && toss(6))
      scenario_.osv[id] = support::osv_record(id, time(), "\"aliases\":7");
    else
      scenario_.osv[id] = support::osv_record(id, time(), osv_members());
  }

  void change_cve(bool may_be_unreadable) {
    static const std::vector<std::string> ids = {"CVE-2024-0001", "CVE-2024-0002", "CVE-2024-0003"};
    const std::string& id = any(ids);
    if (toss(4))
      scenario_.cve.erase(id);
    else if (may_be_unreadable && toss(6))
      scenario_.cve[id] = "{";
    else
      scenario_.cve[id] = support::cve_record(id, "D" + std::to_string(pick(3)));
  }

  void put_gitlab(const std::string& path, const std::string& uuid, const std::string& identifier) {
    repository_.put(path, "identifier: " + identifier + "\nidentifiers: [" + identifier + ", " +
                              (toss() ? "GHSA-dddd-eeee-ffff" : "CVE-2024-0003") + "]\npackage_slug: " +
                              path.substr(0, path.rfind('/')) + "\naffected_range: \"<1." +
                              std::to_string(pick(3)) + "\"\ndate: 2024-01-01\ntitle: T" +
                              std::to_string(pick(3)) + "\nuuid: " + uuid + "\n");
    files_.insert(path);
    unreadable_.erase(path);
  }

  // Files that move, take another record's uuid, are copied, differ in case only, or are unreadable.
  void change_gitlab(bool may_be_unreadable) {
    static const std::vector<std::string> paths = {"gem/a/CVE-2024-0001.yml", "gem/A/CVE-2024-0001.yml",
                                                   "npm/b/CVE-2024-0002.yml", "go/c/CVE-2024-0003.yml"};
    static const std::vector<std::string> ids = {"CVE-2024-0001", "CVE-2024-0002"};
    const std::string& path = any(paths);
    if (toss(4)) {
      if (files_.erase(path) > 0) repository_.remove(path);
      unreadable_.erase(path);
    } else if (may_be_unreadable && toss(6)) {
      repository_.put(path, (toss() ? "uuid: " + any_uuid() + "\n" : "") + "title: [no advisory\n");
      files_.insert(path);
      unreadable_.insert(path);
    } else {
      put_gitlab(path, any_uuid(), any(ids));
    }
  }

  void change(bool may_be_unreadable) {
    for (int i = 1 + pick(5); i > 0; --i) {
      change_osv(may_be_unreadable);
      if (toss()) change_cve(may_be_unreadable);
      if (toss()) change_gitlab(may_be_unreadable);
    }
    if (!may_be_unreadable) mend();
    if (toss(8)) start_over();
    repository_.commit();
  }

  // A record that is unreadable keeps its last good version: that is history, which a fresh load has not.
  void mend() {
    for (auto& [id, bytes] : scenario_.osv)
      if (bytes.find("\"aliases\":7") != std::string::npos) bytes = support::osv_record(id, time());
    for (auto& [id, bytes] : scenario_.cve)
      if (bytes == "{") bytes = support::cve_record(id, "Mended.");
    for (const std::string& path : std::set<std::string>(unreadable_)) {
      if (toss()) {
        put_gitlab(path, any_uuid(), "CVE-2024-0001");
      } else {
        repository_.remove(path);
        files_.erase(path);
        unreadable_.erase(path);
      }
    }
  }

  // The repository loses its history.
  void start_over() {
    repository_.start_over();
    const std::set<std::string> files = files_;
    for (const std::string& path : files)
      if (path == file_that_stays)
        put_gitlab(path, "stays", "CVE-1999-9998");
      else
        put_gitlab(path, any_uuid(), "CVE-2024-0002");
  }

  std::vector<Source> some_sources() {
    std::vector<Source> sources = {Source::osv, Source::gitlab, Source::cve};
    std::shuffle(sources.begin(), sources.end(), random_);
    sources.resize(static_cast<std::size_t>(pick(3)) + 1);
    return sources;
  }

  void sync(std::vector<Source> sources) {
    scenario_.options.sources = std::move(sources);
    scenario_.options.batch_size = toss() ? 1 : 1000;
    scenario_.options.writers = toss() ? 1 : 2;
    scenario_.options.full = toss(4);
    EXPECT_EQ(scenario_.sync().state, "succeeded");
    scenario_.options.full = false;
  }

  std::mt19937 random_;
  support::SyncScenario scenario_;
  support::GitBuilder repository_;
  std::set<std::string> files_;
  std::set<std::string> unreadable_;
};

unsigned number_from(const char* variable, unsigned otherwise) {
  const char* value = std::getenv(variable);
  return value == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(value, nullptr, 10));
}

void try_history(unsigned seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  World world(seed);
  world.live();
  world.expect_like_fresh();
}

TEST(History, DoesNotMatter) {
  const unsigned first = number_from("VDS_PROPERTY_SEED", 1);
  const unsigned last = number_from("VDS_PROPERTY_SEED", number_from("VDS_PROPERTY_RUNS", 12));
  for (unsigned seed = first; seed <= last && !testing::Test::HasFailure(); ++seed) try_history(seed);
}

// What this past once found: an entry in quarantine outlived the file it was about.
TEST(History, QuarantineFollowsTheFile) {
  try_history(60);
}

}  // namespace
}  // namespace pipeline
