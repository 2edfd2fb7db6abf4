#include "corpus/amplify.hpp"

#include <gmock/gmock.h>

#include <map>

#include "base/files.hpp"
#include "base/zip_writer.hpp"
#include "corpus/gitlab_history.hpp"
#include "fetch/mirror.hpp"
#include "fetch/zip.hpp"
#include "fetch/zip_source.hpp"

namespace corpus {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;

// A mirror of one vulnerability that all three sources tell of, and three that OSV tells of alone.
void write_mirror(const fs::path& to) {
  base::Packer packer;
  fs::create_directories(to / "osv");
  base::ZipWriter osv(to / "osv" / "all.zip");
  for (const char* number : {"3232", "3233", "3234", "3235"}) {
    const std::string id = std::string("GO-2024-") + number;
    const std::string alias = number == std::string("3232") ? R"("CVE-2024-10241")" : "";
    osv.add(id + ".json",
            packer.pack(R"({"id":")" + id + R"(","modified":"2024-11-01T00:00:00Z","aliases":[)" + alias +
                        R"(],"details":"A server allows some users too much."})"),
            {});
  }
  osv.finish();
  fs::create_directories(to / "cve");
  base::ZipWriter cve(to / "cve" / "main.zip");
  cve.add(
      "cvelistV5-main/cves/2024/10xxx/CVE-2024-10241.json",
      packer.pack(
          R"({"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2024-10241","state":)"
          R"("PUBLISHED","dateUpdated":"2024-11-01T00:00:00Z"},"containers":{"cna":{"descriptions":[{"lang":"en",)"
          R"("value":"A server allows some users too much."}]}}})"),
      {});
  cve.finish();
  GitHistory gitlab = GitHistory::create(to / "gitlab");
  gitlab.put("go/example.org/server/CVE-2024-10241.yml",
             "---\nidentifier: \"CVE-2024-10241\"\nidentifiers:\n- \"CVE-2024-10241\"\n"
             "package_slug: \"go/example.org/server\"\ntitle: \"T\"\ndescription: \"Too much.\"\n"
             "date: \"2024-11-01\"\npubdate: \"2024-11-01\"\naffected_range: \"<2.0.0\"\n"
             "uuid: \"2a9a5ec8-75f9-5ac4-bf34-3721849f32dd\"\n");
  gitlab.finish();
}

// Every record of one source of a mirror, by its location.
std::map<std::string, std::string> records_of(const fs::path& mirror, const std::string& source,
                                              std::string* fingerprint = nullptr) {
  const base::TemporaryDirectory cache;
  fetch::Request request;
  request.source = source;
  request.cache = cache.path();
  const fetch::Fetched fetched = fetch::open_mirror(request, mirror);
  if (fingerprint != nullptr) *fingerprint = fetched.fingerprint;
  std::map<std::string, std::string> records;
  const auto reader = fetched.collection->reader();
  for (std::size_t i = 0; i < fetched.collection->size(); ++i)
    records[fetched.collection->candidate(i).location] = reader->read(i);
  return records;
}

class Amplify : public testing::Test {
 protected:
  Amplify() { write_mirror(directory_.path() / "mirror"); }

  Plan plan(const char* name) const {
    Plan plan;
    plan.from = directory_.path() / "mirror";
    plan.to = directory_.path() / name;
    plan.records = 600;
    plan.second_state = true;
    plan.changed = 0.2;
    plan.added = 0.1;
    plan.withdrawn = 0.05;
    plan.deleted = 0.05;
    plan.threads = 3;
    return plan;
  }

  base::TemporaryDirectory directory_;
};

TEST_F(Amplify, CopiesEachSourceInItsShareAndGroupsSurvive) {
  const auto counts = amplify(plan("a"));
  EXPECT_EQ(counts, (std::map<advisory::Source, std::uint64_t>{{advisory::Source::osv, 400},
                                                               {advisory::Source::gitlab, 100},
                                                               {advisory::Source::cve, 100}}));
  const fs::path before = directory_.path() / "a" / "before";
  const auto osv = records_of(before, "osv");
  const auto gitlab = records_of(before, "gitlab");
  const auto cve = records_of(before, "cve");
  EXPECT_EQ(osv.size(), 400U);
  EXPECT_EQ(gitlab.size(), 100U);
  EXPECT_EQ(cve.size(), 100U);
  EXPECT_THAT(osv.at("GO-2024-9900003232.json"), HasSubstr("\"aliases\":[\"CVE-2024-9900010241\"]"));
  EXPECT_THAT(gitlab.at("go/example.org/server/CVE-2024-9900010241.yml"),
              HasSubstr("identifier: \"CVE-2024-9900010241\"\nidentifiers:\n- \"CVE-2024-9900010241\"\n"));
  EXPECT_THAT(cve.at("cves/2024/9900010xxx/CVE-2024-9900010241.json"),
              HasSubstr("\"cveId\":\"CVE-2024-9900010241\""));
}

TEST_F(Amplify, GivesTheSameBytesForTheSameSeedWhateverTheThreads) {
  Plan one = plan("a");
  Plan other = plan("b");
  other.threads = 1;
  amplify(one);
  amplify(other);
  for (const char* state : {"before", "after"}) {
    const auto bytes = [&](const Plan& p, const char* file) { return base::read_file(p.to / state / file); };
    for (const char* file : {"osv/all.zip", "osv/modified_id.csv", "cve/main.zip"})
      EXPECT_EQ(bytes(one, file), bytes(other, file)) << state << ' ' << file;
    std::string commit;
    std::string other_commit;
    records_of(one.to / state, "gitlab", &commit);
    records_of(other.to / state, "gitlab", &other_commit);
    EXPECT_EQ(commit, other_commit) << state;
  }
}

TEST_F(Amplify, MakesAnotherSecondStateOfAnotherSeed) {
  Plan one = plan("a");
  Plan other = plan("b");
  other.seed = 2;
  amplify(one);
  amplify(other);
  EXPECT_EQ(base::read_file(one.to / "before/osv/all.zip"), base::read_file(other.to / "before/osv/all.zip"));
  EXPECT_NE(base::read_file(one.to / "after/osv/all.zip"), base::read_file(other.to / "after/osv/all.zip"));
}

TEST_F(Amplify, ChangesAddsWithdrawsAndDeletesInTheSecondState) {
  const Plan asked = plan("a");
  amplify(asked);
  for (const auto& [source, count] : {std::pair<std::string, std::uint64_t>{"osv", 400}, {"gitlab", 100}}) {
    const auto before = records_of(asked.to / "before", source);
    const auto after = records_of(asked.to / "after", source);
    std::map<Fate, std::uint64_t> expected;
    for (std::uint64_t i = 0; i < count_with_added(asked, count); ++i)
      ++expected[fate_of(asked, *advisory::source_from(source), i, count)];
    EXPECT_EQ(expected[Fate::added], count / 10);
    EXPECT_GT(expected[Fate::deleted], 0U);
    std::map<Fate, std::uint64_t> found;
    for (const auto& [location, bytes] : before) {
      const auto now = after.find(location);
      if (now == after.end())
        ++found[Fate::deleted];
      else if (now->second == bytes)
        ++found[Fate::same];
      else
        ++found[now->second.find("\"withdrawn\"") != std::string::npos ||
                        now->second.find("\"<0\"") != std::string::npos
                    ? Fate::withdrawn
                    : Fate::changed];
    }
    for (const auto& [location, bytes] : after) found[Fate::added] += before.contains(location) ? 0 : 1;
    EXPECT_EQ(found, expected) << source;
  }
}

TEST_F(Amplify, ListsWhatChangedAsTheBucketDoes) {
  const Plan asked = plan("a");
  amplify(asked);
  const std::string list = base::read_file(asked.to / "after/osv/modified_id.csv");
  EXPECT_THAT(list, testing::StartsWith("2026-09-01T12:00:00Z,[EMPTY]/GO-2024-"));
  EXPECT_THAT(list, testing::EndsWith("2024-11-01T00:00:00Z,[EMPTY]/GO-2024-9900003234\n"));
  std::vector<std::string> objects;
  for (const auto& entry : fs::directory_iterator(asked.to / "after/osv/[EMPTY]"))
    objects.push_back(entry.path().filename());
  EXPECT_THAT(objects, Contains("GO-2024-10000003232.json"));
  EXPECT_TRUE(fs::exists(asked.to / "after/cve/delta/2026-09-01_delta_CVEs_at_1200Z.zip"));
}

TEST_F(Amplify, WritesTheGitLabPartAsABundleOnRequest) {
  Plan asked = plan("a");
  asked.bundle = true;
  amplify(asked);
  EXPECT_FALSE(fs::exists(asked.to / "before/gitlab.git"));
  EXPECT_EQ(records_of(asked.to / "before", "gitlab").size(), 100U);
}

}  // namespace
}  // namespace corpus
