#include "fetch/mirror.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "fetch/known_files.hpp"
#include "support/zip_builder.hpp"
#include "unit/fetch/mirror_fixture.hpp"
#include "unit/fetch/zip_fixture.hpp"

namespace fetch {
namespace {

using State = Fetched::State;
using support::zip_of;
using testing::AllOf;
using testing::HasSubstr;

TEST(Mirror, OpensTheOsvArchive) {
  const MirrorOnDisk mirror;
  mirror.write("osv/all.zip",
               zip_of({{"GO-1.json", "{1}"}, {"ecosystems.txt", "Go"}, {"x/GO-2.json", "{22}"}}));
  const Fetched fetched = mirror.open("osv");
  EXPECT_EQ(fetched.state, State::full);
  EXPECT_EQ(fetched.fingerprint.size(), 32U);
  EXPECT_EQ(fetched.bytes_fetched, std::filesystem::file_size(mirror.path() / "osv/all.zip"));
  EXPECT_EQ(contents(fetched), (Contents{{"GO-1.json", "{1}"}, {"x/GO-2.json", "{22}"}}));
  EXPECT_EQ(fetched.collection->candidate(1).size, 4U);
  EXPECT_TRUE(fetched.collection->removed().empty());
}

TEST(Mirror, TakesCveRecordsFromWhateverTopDirectory) {
  const Contents expected = {{"cves/2024/1xxx/CVE-2024-1000.json", "{}"}};
  for (const char* top : {"cvelistV5-main/", "", "a/b/", "cves/"}) {
    const MirrorOnDisk mirror;
    const std::string path = top + std::string("cves/");
    mirror.write("cve/main.zip", zip_of({{path + "2024/1xxx/CVE-2024-1000.json", "{}"},
                                         {path + "delta.json", "{}"},
                                         {path + "deltaLog.json", "[]"},
                                         {top + std::string("README.md"), "# CVE"},
                                         {top + std::string(".github/workflows/cve.yml"), ""}}));
    EXPECT_EQ(contents(mirror.open("cve")), expected) << top;
  }
}

TEST(Mirror, KeepsTheWholePathOfACveRecordOutsideTheUsualFolder) {
  const MirrorOnDisk mirror;
  mirror.write("cve/main.zip", zip_of({{"xcves/CVE-2024-1000.json", "1"}, {"CVE-2024-1001.json", "2"}}));
  EXPECT_EQ(contents(mirror.open("cve")),
            (Contents{{"xcves/CVE-2024-1000.json", "1"}, {"CVE-2024-1001.json", "2"}}));
}

TEST(Mirror, LooksIntoAZipInsideTheCveZip) {
  const std::string inner =
      zip_of({{"cves/2024/1xxx/CVE-2024-1000.json", std::string(3 << 20, 'x')}, {"cves/delta.json", "{}"}});
  for (const bool stored : {false, true}) {
    const MirrorOnDisk mirror;
    support::ZipBuilder outer;
    outer.add("cves.zip", inner, {.stored = stored});
    mirror.write("cve/main.zip", outer.finish());
    const Fetched fetched = mirror.open("cve");
    EXPECT_EQ(contents(fetched),
              (Contents{{"cves/2024/1xxx/CVE-2024-1000.json", std::string(3 << 20, 'x')}}));
    EXPECT_TRUE(std::filesystem::is_empty(mirror.cache()));
  }
}

TEST(Mirror, RefusesADamagedZipInsideTheCveZip) {
  const std::string inner = zip_of({{"cves/2024/1xxx/CVE-2024-1000.json", "{}"}});
  const std::vector<support::ZipEntryOptions> lies = {
      {.crc32 = 1}, {.size = inner.size() - 1}, {.size = inner.size() + 1}, {.stored = true, .crc32 = 1}};
  for (const support::ZipEntryOptions& lie : lies) {
    const MirrorOnDisk mirror;
    support::ZipBuilder outer;
    outer.add("cves.zip", inner, lie);
    mirror.write("cve/main.zip", outer.finish());
    EXPECT_EQ(failure_of([&] { mirror.open("cve"); }).first, "corrupt");
  }
}

TEST(Mirror, ADryRunLeavesNothingBehind) {
  const MirrorOnDisk mirror;
  mirror.write("osv/all.zip", zip_of({{"GO-1.json", "{1}"}}));
  mirror.write("cve/main.zip", zip_of({{"cves/2024/1xxx/CVE-2024-1000.json", "{}"}}));
  // Nothing that was just written is remembered anyway.
  std::this_thread::sleep_for(KnownFiles::granularity + std::chrono::seconds(1));
  for (const char* source : {"osv", "cve"}) {
    Request request;
    request.source = source;
    request.cache = mirror.cache() / source;
    request.dry_run = true;
    EXPECT_EQ(open_mirror(request, mirror.path()).state, State::full);
    EXPECT_FALSE(std::filesystem::exists(request.cache));
    request.dry_run = false;
    EXPECT_EQ(open_mirror(request, mirror.path()).state, State::full);
    EXPECT_TRUE(std::filesystem::exists(request.cache / "fingerprints"));
  }
}

TEST(Mirror, AnswersUnchangedToTheSameContent) {
  const MirrorOnDisk mirror;
  mirror.write("osv/all.zip", zip_of({{"GO-1.json", "{1}"}}));
  const std::string known = mirror.open("osv").fingerprint;
  mirror.write("osv/all.zip", zip_of({{"GO-1.json", "{1}"}}));
  const Fetched again = mirror.open("osv", known);
  EXPECT_EQ(again.state, State::unchanged);
  EXPECT_EQ(again.fingerprint, known);
  EXPECT_EQ(again.bytes_fetched, 0U);
  EXPECT_EQ(again.collection, nullptr);
  EXPECT_EQ(mirror.open("osv", known, true).state, State::full);

  mirror.write("osv/all.zip", zip_of({{"GO-1.json", "{2}"}}));
  const Fetched changed = mirror.open("osv", known);
  EXPECT_EQ(changed.state, State::full);
  EXPECT_NE(changed.fingerprint, known);
}

TEST(Mirror, SeesDamageThatTheDirectoryDoesNotShow) {
  const MirrorOnDisk mirror;
  std::string bytes = zip_of({{"GO-1.json", "0123456789"}});
  mirror.write("osv/all.zip", bytes);
  const std::string known = mirror.open("osv").fingerprint;
  bytes[45] = static_cast<char>(bytes[45] ^ 1);
  mirror.write("osv/all.zip", bytes);
  const Fetched fetched = mirror.open("osv", known);
  ASSERT_EQ(fetched.state, State::full);
  EXPECT_EQ(failure_of([&] { contents(fetched); }).first, "corrupt");
}

TEST(Mirror, ReportsAMissingPartAsAbsent) {
  const MirrorOnDisk mirror;
  std::filesystem::create_directories(mirror.path() / "osv");
  for (const char* source : {"osv", "cve", "gitlab"}) {
    const Fetched fetched = mirror.open(source);
    EXPECT_EQ(fetched.state, State::absent) << source;
    EXPECT_EQ(fetched.collection, nullptr) << source;
  }
}

TEST(Mirror, RefusesAnArchiveWithoutRecords) {
  const MirrorOnDisk mirror;
  mirror.write("osv/all.zip", zip_of({{"README.md", "nothing here"}}));
  mirror.write("cve/main.zip", zip_of({{"cves/delta.json", "{}"}}));
  const auto [word, message] = failure_of([&] { mirror.open("osv"); });
  EXPECT_EQ(word, "empty");
  EXPECT_THAT(message, AllOf(HasSubstr("osv/all.zip"), HasSubstr("no osv record")));
  EXPECT_EQ(failure_of([&] { mirror.open("cve"); }).first, "empty");
}

TEST(Mirror, RefusesWhatIsNoDirectory) {
  const MirrorOnDisk mirror;
  const auto [word, message] = failure_of([&] { mirror.open("osv"); });
  EXPECT_EQ(word, "unreadable");
  EXPECT_THAT(message, HasSubstr(mirror.path().native()));
}

TEST(MirrorDirectory, TakesPathsAndFileUrls) {
  EXPECT_EQ(mirror_directory("../some mirror"), "../some mirror");
  EXPECT_EQ(mirror_directory("/srv/100%25"), "/srv/100%25");
  EXPECT_EQ(mirror_directory("file:///srv/my%20mirror"), "/srv/my mirror");
  EXPECT_EQ(mirror_directory("file://localhost/srv/m"), "/srv/m");
  EXPECT_EQ(mirror_directory("file:///srv/100%"), "/srv/100%");
  EXPECT_EQ(mirror_directory("file:///srv/%zz%c3%A9"), "/srv/%zz\u00e9");
}

TEST(MirrorDirectory, RefusesOtherUrls) {
  EXPECT_EQ(failure_of([] { mirror_directory("ftp://host/mirror"); }).first, "unsupported");
  EXPECT_EQ(failure_of([] { mirror_directory("file://host/mirror"); }).first, "unsupported");
}

}  // namespace
}  // namespace fetch
