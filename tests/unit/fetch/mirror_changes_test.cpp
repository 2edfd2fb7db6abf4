// What changed in a mirror: single files of OSV by its list, archives of changes of the CVE list.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetch/mirror_parts.hpp"
#include "support/cve_project.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"
#include "unit/fetch/mirror_fixture.hpp"

namespace fetch {
namespace {

using State = Fetched::State;
using support::osv_record;
using support::zip_of;
using testing::HasSubstr;

constexpr std::int64_t january = 1704067200'000000;  // 2024-01-01T00:00:00Z
constexpr std::int64_t february = january + 31 * 86400'000000LL;
constexpr const char* path_1000 = "cves/2024/1xxx/CVE-2024-1000.json";
constexpr const char* path_1001 = "cves/2024/1xxx/CVE-2024-1001.json";

class MirrorChanges : public testing::Test {
 protected:
  Fetched open(const std::string& source, const Fetched& known, bool reconcile = false) const {
    Request request{
        .source = source, .known_fingerprint = known.fingerprint, .cache = mirror_.cache(), .stop = {}};
    request.watermark = known.watermark.value_or("");
    request.reconcile = reconcile;
    request.accept = accept_;
    request.for_each_stored = [this](const TakeStored& take) {
      for (const auto& [id, modified] : stored_) take(id, modified);
    };
    return open_mirror(request, mirror_.path());
  }

  MirrorOnDisk mirror_;
  std::map<std::string, std::int64_t> stored_;
  Accept accept_;
};

class MirrorOsvChanges : public MirrorChanges {
 protected:
  MirrorOsvChanges() {
    mirror_.write("osv/all.zip", zip_of({{"GO-1.json", one_}, {"GO-2.json", two_}}));
    mirror_.write("osv/modified_id.csv", "2024-01-01T00:00:00Z,Go/GO-2\n2024-01-01T00:00:00Z,Go/GO-1\n");
    first_ = open("osv", {});
    stored_ = {{"GO-1", january}, {"GO-2", january}};
  }

  const std::string one_ = osv_record("GO-1", "2024-01-01T00:00:00Z");
  const std::string two_ = osv_record("GO-2", "2024-01-01T00:00:00Z");
  const std::string newer_ = osv_record("GO-2", "2024-02-01T00:00:00Z");
  Fetched first_;
};

TEST_F(MirrorOsvChanges, AreUnchangedOnceTheListWasCompared) {
  EXPECT_EQ(first_.state, State::full);
  const Fetched second = open("osv", first_);
  EXPECT_EQ(second.state, State::unchanged);
  EXPECT_NE(second.fingerprint, first_.fingerprint);  // it tells of the list too
  EXPECT_EQ(open("osv", second).fingerprint, second.fingerprint);
}

TEST_F(MirrorOsvChanges, ThatNoListTellsAreLookedForWhenAReconciliationIsDue) {
  mirror_.write("osv/Go/GO-2.json", newer_);
  mirror_.write("osv/modified_id.csv", "2024-02-01T00:00:00Z,Go/GO-2\n2024-01-01T00:00:00Z,Go/GO-1\n");
  const Fetched known = open("osv", first_);
  stored_["GO-2"] = february;
  const std::string other = osv_record("GO-2", "2024-02-01T00:00:00Z", R"("summary":"other")");
  mirror_.write("osv/Go/GO-2.json", other);
  EXPECT_EQ(open("osv", known).state, State::unchanged);
  const Fetched whole = open("osv", known, true);
  EXPECT_EQ(whole.state, State::full);
  EXPECT_EQ(contents(whole), (Contents{{"GO-1.json", one_}, {"GO-2.json", other}}));
  EXPECT_EQ(open("osv", open("osv", whole)).state, State::unchanged);
}

TEST_F(MirrorOsvChanges, AreSeenInSingleFilesWhereThereIsNoList) {
  for (const char* no_list : {"", "<html>Please log in</html>"}) {
    std::filesystem::remove(mirror_.path() / "osv/modified_id.csv");
    std::filesystem::remove_all(mirror_.path() / "osv/Go");
    if (*no_list != '\0') mirror_.write("osv/modified_id.csv", no_list);
    // The list is gone, and with it what it said of the single files.
    Fetched known = open("osv", first_);
    EXPECT_EQ(known.state, State::full);
    EXPECT_EQ(open("osv", known, true).state, State::unchanged);
    Contents expected{{"GO-1.json", one_}, {"GO-2.json", newer_}};
    mirror_.write("osv/Go/GO-2.json", newer_);
    for (int i = 0; i < 3; ++i) {
      const Fetched changed = open("osv", known);
      ASSERT_EQ(changed.state, State::full) << i;
      EXPECT_EQ(contents(changed), expected) << i;
      known.fingerprint = changed.fingerprint;
      EXPECT_EQ(open("osv", known).state, State::unchanged) << i;
      const std::string name = "GO-3.json";
      const std::string bytes =
          osv_record("GO-3", "2024-01-01T00:00:00Z", i == 0 ? R"("summary":"a")" : R"("summary":"b")");
      mirror_.write("osv/Go/" + name, bytes);
      expected.erase(name);
      expected.emplace(name, bytes);
    }
  }
}

TEST_F(MirrorOsvChanges, AreReadWholeWhereAListAppears) {
  std::filesystem::remove(mirror_.path() / "osv/modified_id.csv");
  mirror_.write("osv/Go/GO-9.json", osv_record("GO-9", "2024-01-01T00:00:00Z"));
  const Fetched known = open("osv", {});
  EXPECT_EQ(contents(known).size(), 3U);
  mirror_.write("osv/modified_id.csv", "2024-01-01T00:00:00Z,Go/GO-2\n2024-01-01T00:00:00Z,Go/GO-1\n");
  const Fetched whole = open("osv", known);
  EXPECT_EQ(whole.state, State::full);
  EXPECT_EQ(contents(whole).size(), 2U);  // the single file is none of the list's
}

TEST_F(MirrorOsvChanges, LieInThePlaceThatTheListNames) {
  mirror_.write(
      "osv/modified_id.csv",
      "2024-02-01T00:00:00Z,Go/GO-2\n2024-02-01T00:00:00Z,npm/GO-2\n2024-01-01T00:00:00Z,Go/GO-1\n");
  mirror_.write("osv/Go/GO-2.json", newer_);
  mirror_.write("osv/npm/GO-2.json", osv_record("GO-2", "2024-02-01T00:00:00Z", R"("summary":"longer")"));
  EXPECT_EQ(contents(open("osv", first_)), (Contents{{"GO-2.json", newer_}}));
  EXPECT_EQ(contents(open("osv", {})), (Contents{{"GO-1.json", one_}, {"GO-2.json", newer_}}));
}

TEST_F(MirrorOsvChanges, AreReadWithTheArchiveWhereASingleFileCannotBeRead) {
  accept_ = [](std::string_view /*location*/, std::string_view bytes) {
    return bytes.ends_with('}') ? std::optional(osv_modified(bytes)) : std::nullopt;
  };
  mirror_.write("osv/modified_id.csv",
                "2024-02-01T00:00:00Z,Go/GO-2\n2024-02-01T00:00:00Z,Go/GO-3\n2024-01-01T00:00:00Z,Go/GO-1\n");
  mirror_.write("osv/Go/GO-2.json", "{broken");
  Fetched whole = open("osv", first_);
  EXPECT_EQ(whole.state, State::full);
  EXPECT_EQ(contents(whole), (Contents{{"GO-1.json", one_}, {"GO-2.json", two_}, {"GO-2.json", "{broken"}}));
  EXPECT_EQ(whole.awaited, 1U);
  // What is awaited is looked for again; else the list was compared.
  mirror_.write("osv/Go/GO-3.json", osv_record("GO-3", "2024-02-01T00:00:00Z"));
  whole = open("osv", whole);
  EXPECT_EQ(contents(whole).size(), 4U);
  EXPECT_EQ(open("osv", whole).state, State::unchanged);
}

TEST_F(MirrorOsvChanges, ComeAsSingleFilesOfTheList) {
  mirror_.write("osv/modified_id.csv",
                "2024-02-01T00:00:00Z,Go/GO-2\n2024-02-01T00:00:00Z,Go/GO-3\n2024-01-01T00:00:00Z,Go/GO-1\n");
  mirror_.write("osv/Go/GO-2.json", newer_);
  mirror_.write("osv/Go/GO-4.json", "a copy left behind");
  const Fetched delta = open("osv", first_);
  EXPECT_EQ(delta.state, State::delta);
  EXPECT_EQ(contents(delta), (Contents{{"GO-2.json", newer_}}));
  EXPECT_EQ(delta.awaited, 1U);
  EXPECT_EQ(delta.bytes_fetched, newer_.size());
  // The file that was awaited is found as soon as it is there.
  stored_["GO-2"] = february;
  mirror_.write("osv/Go/GO-3.json", osv_record("GO-3", "2024-02-01T00:00:00Z"));
  Fetched known;
  known.fingerprint = with_awaited(delta.fingerprint, 1);
  EXPECT_EQ(contents(open("osv", known)).count("GO-3.json"), 1U);
}

TEST_F(MirrorOsvChanges, LieOverTheArchiveWhereEverythingIsRead) {
  mirror_.write("osv/modified_id.csv", "2024-02-01T00:00:00Z,Go/GO-2\n2024-01-01T00:00:00Z,Go/GO-1\n");
  mirror_.write("osv/Go/GO-2.json", newer_);
  mirror_.write("osv/Go/GO-1.json", osv_record("GO-1", "2023-01-01T00:00:00Z"));
  mirror_.write("osv/Go/GO-9.json", "a copy left behind");
  const Contents everything{{"GO-1.json", one_}, {"GO-2.json", newer_}};
  stored_.clear();
  EXPECT_EQ(contents(open("osv", {})), everything);
  stored_ = {{"GO-1", january}, {"GO-2", january}};
  EXPECT_EQ(contents(open("osv", first_, true)), everything);
}

TEST_F(MirrorOsvChanges, AreReadFromANewArchiveWhateverTheListSays) {
  mirror_.write("osv/all.zip", zip_of({{"GO-1.json", one_}, {"GO-2.json", newer_}}));
  const Fetched whole = open("osv", first_);
  EXPECT_EQ(whole.state, State::full);
  EXPECT_EQ(contents(whole).size(), 2U);
}

TEST_F(MirrorOsvChanges, GoOnWithoutAListThatIsNone) {
  mirror_.write("osv/modified_id.csv", "<html>Please log in</html>");
  const Fetched whole = open("osv", {});
  EXPECT_EQ(whole.state, State::full);
  EXPECT_THAT(whole.mode_reason, HasSubstr("modified_id.csv"));
}

class MirrorCveChanges : public MirrorChanges {
 protected:
  static std::string record(const std::string& id, const std::string& text, const std::string& month) {
    return support::cve_record(id, text, "2024-" + month + "-01T00:00:00.000Z");
  }
  void write_main(const std::string& month) {
    mirror_.write(
        "cve/main.zip",
        zip_of({{std::string("cvelistV5-main/") + path_1000, record("CVE-2024-1000", "a", month)},
                {std::string("cvelistV5-main/") + path_1001, record("CVE-2024-1001", "b", month)}}));
  }
  void write_delta(const std::string& name, const std::string& bytes) {
    mirror_.write("cve/delta/" + name + ".zip", zip_of({{"deltaCves/CVE-2024-1000.json", bytes}}));
  }
};

TEST_F(MirrorCveChanges, AreReadAloneWhereTheyAreNew) {
  write_main("01");
  Fetched known = open("cve", {});
  EXPECT_EQ(contents(known).size(), 2U);
  const std::string second = record("CVE-2024-1000", "second", "02");
  write_delta("2", second);
  known = open("cve", known);
  EXPECT_EQ(known.state, State::delta);
  EXPECT_EQ(contents(known), (Contents{{path_1000, second}}));
  EXPECT_EQ(open("cve", known).state, State::unchanged);
  // One that comes late and holds an older state has nothing to say; a larger one of the same time has.
  write_delta("1", record("CVE-2024-1000", "older", "01"));
  known = open("cve", known);
  EXPECT_EQ(known.state, State::delta);
  EXPECT_EQ(known.collection->size(), 0U);
  const std::string again = record("CVE-2024-1000", "once again", "02");
  write_delta("3", again);
  EXPECT_EQ(contents(open("cve", known)), (Contents{{path_1000, again}}));
  // Who knows nothing gets the same.
  EXPECT_EQ(contents(open("cve", {})),
            (Contents{{path_1000, again}, {path_1001, record("CVE-2024-1001", "b", "01")}}));
}

TEST_F(MirrorCveChanges, AreTheSameUnderOtherNames) {
  write_main("01");
  write_delta("1", record("CVE-2024-1000", "one", "02"));
  write_delta("2", record("CVE-2024-1000", "two", "02"));
  const Fetched known = open("cve", {});
  std::filesystem::rename(mirror_.path() / "cve/delta/1.zip", mirror_.path() / "cve/delta/3.zip");
  const Fetched renamed = open("cve", known);
  EXPECT_EQ(renamed.state, State::delta);
  EXPECT_EQ(renamed.collection->size(), 0U);
  EXPECT_EQ(contents(open("cve", {})), contents(known));
}

TEST_F(MirrorCveChanges, AreComparedWithTheArchiveWhenThatIsNewOrDue) {
  write_main("01");
  write_delta("1", record("CVE-2024-1000", "second", "02"));
  const Fetched known = open("cve", {});
  EXPECT_EQ(open("cve", known, true).state, State::unchanged);
  write_delta("2", record("CVE-2024-1000", "third", "03"));
  EXPECT_EQ(open("cve", known).state, State::delta);
  EXPECT_EQ(open("cve", known, true).state, State::full);
  std::filesystem::remove_all(mirror_.path() / "cve/delta");
  EXPECT_EQ(open("cve", known).state, State::full);  // what it held may have been taken back
  write_main("04");
  EXPECT_EQ(open("cve", known).state, State::full);
}

}  // namespace
}  // namespace fetch
