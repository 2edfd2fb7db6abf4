// When a list is compared with the one before, and when with all that is stored.
#include "fetch/compared_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/files.hpp"
#include "support/files.hpp"

namespace fetch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t new_year = 1'704'067'200'000'000;  // 2024-01-01T00:00:00Z
constexpr std::int64_t second = 1'000'000;

class ComparedLists : public testing::Test {
 protected:
  using ListPtr = std::shared_ptr<ModifiedList>;

  ComparedLists() {
    publish("2024-01-01T00:00:02Z,Go/A\n2024-01-01T00:00:01Z,Go/B\n2024-01-01T00:00:00Z,Go/C\n");
    const Request first = request();
    ComparedList compared(first, file());
    compared.read(true);
    compared.remember("first");
    publish("2024-01-01T00:00:04Z,Go/NEW\n2024-01-01T00:00:03Z,Go/B\n2024-01-01T00:00:02Z,Go/A\n");
  }

  void publish(std::string_view list) const { support::write_file(file(), list); }
  std::filesystem::path file() const { return place_.path() / "modified_id.csv"; }
  std::filesystem::path kept() const { return place_.path() / "compared-list"; }

  Request request(const std::string& known = "first") {
    Request request{.source = "osv", .known_fingerprint = known, .cache = place_.path(), .stop = {}};
    request.for_each_stored = [this](const TakeStored& take) {
      asked_for_all_ = true;
      for (const auto& [id, modified] : stored_) take(id, modified);
    };
    request.for_some_stored = [this](const std::vector<std::string>& ids, const TakeStored& take) {
      asked_for_ = ids;
      for (const std::string& id : ids)
        if (const auto found = stored_.find(id); found != stored_.end()) take(id, found->second);
    };
    request.count_stored = [this] { return stored_.size(); };
    return request;
  }

  ListPtr compare(const Request& request, bool whole = false) {
    asked_for_all_ = false;
    asked_for_.clear();
    return ComparedList(request, file()).read(whole);
  }

  /// The ids whose listed version is later than the one that is stored.
  static std::vector<std::string> changed(const ModifiedList& list) {
    std::vector<std::string> ids;
    for (const std::size_t index : list.changed()) ids.emplace_back(list.id(index));
    return ids;
  }

  // As the first list has them; GONE is stored, and was not listed any more.
  std::map<std::string, std::int64_t> stored_{
      {"A", new_year + 2 * second}, {"B", new_year + second}, {"C", new_year}, {"GONE", new_year}};
  bool asked_for_all_ = false;
  std::vector<std::string> asked_for_;

 private:
  base::TemporaryDirectory place_;
};

TEST_F(ComparedLists, LookUpWhatDiffers) {
  const ListPtr list = compare(request());
  EXPECT_FALSE(asked_for_all_);
  EXPECT_THAT(asked_for_, ElementsAre("NEW", "B"));
  EXPECT_THAT(changed(*list), ElementsAre("NEW", "B"));
  EXPECT_FALSE(list->is_whole());
  EXPECT_EQ(list->size(), 2U);
  EXPECT_EQ(list->held(*list->find("B")), new_year + second);
  EXPECT_EQ(list->held(*list->find("NEW")), ModifiedList::never);
}

TEST_F(ComparedLists, TellTheSameAsAllThatIsStored) {
  const ListPtr differing = compare(request());
  const ListPtr all = compare(request(), true);
  EXPECT_TRUE(asked_for_all_);
  EXPECT_TRUE(all->is_whole());
  EXPECT_EQ(changed(*differing), changed(*all));
  for (const ListPtr& list : {differing, all}) {
    EXPECT_EQ(list->listed_records(), 3U);
    EXPECT_EQ(list->held_records(), 4U);
    EXPECT_EQ(list->vanished_records(), 2U);  // GONE, and now C
  }
}

TEST_F(ComparedLists, MayNameARecordInSeveralDirectories) {
  publish(
      "2024-01-01T00:00:05Z,PyPI/A\n2024-01-01T00:00:02Z,Go/A\n2024-01-01T00:00:01Z,Go/B\n"
      "2024-01-01T00:00:00Z,Go/C\n2023-01-01T00:00:00Z,npm/B\n");
  const ListPtr list = compare(request());
  EXPECT_THAT(asked_for_, ElementsAre("A", "B"));
  EXPECT_THAT(changed(*list), ElementsAre("A"));
  EXPECT_EQ(list->directory(*list->find("A")), "PyPI");
  EXPECT_EQ(list->listed_records(), 3U);
  EXPECT_EQ(list->vanished_records(), 1U);
}

TEST_F(ComparedLists, GoByWhatIsStoredWhereThatIsNewerThanItWasListed) {
  stored_["B"] = new_year + 3 * second;
  EXPECT_THAT(changed(*compare(request())), ElementsAre("NEW"));
}

TEST_F(ComparedLists, NeedNotDifferAtAll) {
  publish("2024-01-01T00:00:02Z,Go/A\n2024-01-01T00:00:01Z,Go/B\r\n2024-01-01T00:00:00Z,Go/C");
  const ListPtr list = compare(request());
  EXPECT_FALSE(asked_for_all_);
  EXPECT_THAT(changed(*list), IsEmpty());
  EXPECT_EQ(list->listed_records(), 3U);
}

TEST_F(ComparedLists, StillSkipLinesThatAreNone) {
  std::string text = "2024-01-01T00:00:02Z,Go/A\nno line\n";
  for (int i = 0; i < 20; ++i) text += "2024-01-01T00:00:00Z,Go/N-" + std::to_string(i) + "\n";
  publish(text);
  EXPECT_EQ(compare(request())->listed_records(), 21U);
  publish("2024-01-01T00:00:02Z,Go/A\nno line\n");
  EXPECT_THROW(compare(request()), Error);
}

TEST_F(ComparedLists, CountForNoOtherState) {
  stored_["A"] = new_year;  // an older database, restored
  EXPECT_THAT(changed(*compare(request("second"))), ElementsAre("NEW", "B", "A"));
  EXPECT_TRUE(asked_for_all_);
}

TEST_F(ComparedLists, AreNotBelievedWhereLessIsStoredThanTheySay) {
  stored_ = {{"B", new_year + second}};
  EXPECT_THAT(changed(*compare(request())), ElementsAre("NEW", "B", "A"));
  EXPECT_TRUE(asked_for_all_);
}

TEST_F(ComparedLists, AreNotMissedWhereTheyAreDamagedOrGone) {
  support::write_file(kept(), base::read_file(kept()) + "x");
  EXPECT_THAT(changed(*compare(request())), ElementsAre("NEW", "B"));
  EXPECT_TRUE(asked_for_all_);
  base::remove_file(kept());
  EXPECT_THAT(changed(*compare(request())), ElementsAre("NEW", "B"));
  EXPECT_TRUE(asked_for_all_);
}

TEST_F(ComparedLists, AreNotKeptByADryRun) {
  Request dry = request();
  dry.dry_run = true;
  ComparedList compared(dry, file());
  compared.read(false);
  compared.remember("second");
  compare(request());
  EXPECT_FALSE(asked_for_all_);  // the first one lies there yet
}

TEST_F(ComparedLists, NeedNoPlace) {
  base::remove_file(kept());
  std::filesystem::create_directory(kept());
  const Request asked = request();
  ComparedList compared(asked, file());
  EXPECT_THAT(changed(*compared.read(false)), ElementsAre("NEW", "B"));
  EXPECT_NO_THROW(compared.remember("second"));
}

}  // namespace
}  // namespace fetch
