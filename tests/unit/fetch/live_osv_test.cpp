// OSV by its list: how much is fetched, what is awaited, and what nothing can lose.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetch/osv_bucket.hpp"
#include "support/zip_builder.hpp"
#include "unit/fetch/live_fixture.hpp"
#include "unit/fetch/zip_fixture.hpp"

namespace fetch {
namespace {

using State = Fetched::State;
using support::HttpRequest;
using support::HttpServer;
using testing::HasSubstr;

constexpr std::int64_t new_year = 1'704'067'200'000'000;  // 2024-01-01T00:00:00Z
constexpr std::int64_t day = std::int64_t{86'400} * 1'000'000;

class LiveOsvList : public LiveTest {
 protected:
  LiveOsvList() {
    use(server_);
    bucket_.content = support::zip_of({{"GO-1.json", "{1}"}, {"GO-2.json", "{2}"}});
    bucket_.list = "2024-01-02T00:00:00Z,Go/GO-2\n2024-01-01T00:00:00Z,Go/GO-1\n";
    bucket_.records = {{"Go/GO-1.json", "{1}"}, {"Go/GO-2.json", "{2}"}};
    stored_ = {{"GO-1", new_year}, {"GO-2", new_year + day}};
  }

  /// Asks as the pipeline does with what is stored; remembers what it would.
  Fetched sync(bool reconcile = false) {
    Request asked = request("osv", fingerprint_);
    asked.watermark = watermark_;
    asked.reconcile = reconcile;
    asked.for_each_stored = [this](const TakeStored& take) {
      for (const auto& [id, modified] : stored_) take(id, modified);
    };
    Fetched fetched = open_live(asked, settings_);
    fingerprint_ = with_awaited(fetched.fingerprint, fetched.awaited);
    if (fetched.watermark) watermark_ = *fetched.watermark;
    return fetched;
  }
  std::vector<std::string> asked_for() const {
    std::vector<std::string> targets;
    for (const HttpRequest& request : server_.requests()) targets.push_back(request.target);
    return targets;
  }
  void change_list(const std::string& list) {
    bucket_.list = list;
    ++bucket_.list_generation;
  }

  support::OsvBucket bucket_;
  HttpServer server_{[this](const HttpRequest& request) { return bucket_(request); }};
  std::map<std::string, std::int64_t> stored_;
  std::string fingerprint_ = "modified_id.csv generation 0";
  std::string watermark_ = "generation 1";
};

TEST_F(LiveOsvList, IsUnchangedWhenItsRecordsAreStored) {
  EXPECT_EQ(sync().state, State::unchanged);
  EXPECT_EQ(fingerprint_, "modified_id.csv generation 1");
  const std::size_t before = server_.requests().size();
  const Fetched again = sync();
  EXPECT_EQ(again.state, State::unchanged);
  EXPECT_EQ(again.bytes_fetched, 0U);
  EXPECT_EQ(server_.requests().size(), before + 1);
}

TEST_F(LiveOsvList, GivesTheArchiveWhenNothingIsStored) {
  stored_.clear();
  fingerprint_.clear();
  const Fetched fetched = sync();
  EXPECT_EQ(fetched.state, State::full);
  EXPECT_EQ(fetched.fingerprint, "generation 1");
  EXPECT_EQ(watermark_, "generation 1");
}

TEST_F(LiveOsvList, GivesWhatChangedAsSingleRecords) {
  for (const int gcs : {200, 503}) {
    bucket_.gcs_status = gcs;
    bucket_.records["a b/X:1.json"] = "{x}";
    change_list("2024-01-03T00:00:00Z,a b/X:1\n2024-01-03T00:00:00Z,Go/GO-2\n2024-01-01T00:00:00Z,Go/GO-1\n");
    const Fetched fetched = sync();
    EXPECT_EQ(fetched.state, State::delta);
    EXPECT_EQ(fetched.route, gcs == 200 ? "gcs" : "http");
    EXPECT_EQ(contents(fetched), (Contents{{"X:1.json", "{x}"}, {"GO-2.json", "{2}"}}));
    EXPECT_EQ(fetched.mode_reason, "2 of 3 records have changed");
    EXPECT_THAT(asked_for(), testing::Contains(HasSubstr(gcs == 200 ? "/o/a%20b%2FX%3A1.json?alt=media"
                                                                    : "/plain/a%20b/X%3A1.json")));
  }
}

TEST_F(LiveOsvList, SaysOfEachRecordWhatIsListedAndHeld) {
  change_list("2024-01-03T00:00:00Z,Go/GO-2\n2024-01-01T00:00:00Z,Go/GO-1\n");
  const auto versions = sync().collection->candidate(0).versions;
  ASSERT_TRUE(versions);
  EXPECT_EQ(versions->listed, new_year + 2 * day);
  EXPECT_EQ(versions->held, new_year + day);
}

TEST_F(LiveOsvList, AsksAgainForWhatCouldNotBeHad) {
  change_list("2024-01-03T00:00:00Z,Go/GO-1\n2024-01-03T00:00:00Z,Go/GO-2\n");
  bucket_.status_of["Go/GO-2.json"] = 404;
  const Fetched first = sync();
  EXPECT_EQ(first.awaited, 1U);
  EXPECT_EQ(fingerprint_, "modified_id.csv generation 2, awaiting 1");
  stored_["GO-1"] = new_year + 2 * day;
  bucket_.status_of.clear();
  std::filesystem::remove_all(cache());  // nothing that matters lies there
  const Fetched second = sync();
  EXPECT_EQ(contents(second), (Contents{{"GO-2.json", "{2}"}}));
  EXPECT_EQ(fingerprint_, "modified_id.csv generation 2");
}

TEST_F(LiveOsvList, TakesTheArchiveWhereSingleRecordsAreMissing) {
  change_list("2024-01-03T00:00:00Z,Go/GO-1\n2024-01-03T00:00:00Z,Go/GO-2\n");
  bucket_.records.clear();
  bucket_.generation = 2;
  const Fetched fetched = sync();
  EXPECT_EQ(fetched.state, State::full);
  EXPECT_THAT(fetched.mode_reason, HasSubstr("2 of them have no file"));
  // The same archive has nothing new to tell.
  EXPECT_EQ(sync().state, State::delta);
  EXPECT_EQ(fingerprint_, "modified_id.csv generation 2, awaiting 2");
}

TEST_F(LiveOsvList, TakesTheArchiveWhenManyHaveChanged) {
  std::string list;
  for (int i = 0; i < 200; ++i) list += "2024-01-03T00:00:00Z,Go/GO-" + std::to_string(i) + "\n";
  change_list(list);
  bucket_.generation = 2;
  const Fetched fetched = sync();
  EXPECT_EQ(fetched.state, State::full);
  EXPECT_EQ(fetched.mode_reason, "200 of 200 records have changed");
}

TEST_F(LiveOsvList, DoesNotTakeAVanishedRecordForAGoneOne) {
  change_list("2024-01-02T00:00:00Z,Go/GO-2\n");
  const Fetched delta = sync();
  EXPECT_EQ(delta.state, State::unchanged);
  EXPECT_EQ(delta.vanished, 1U);
  bucket_.generation = 2;
  const Fetched whole = sync(true);
  EXPECT_EQ(whole.state, State::full);
  EXPECT_EQ(whole.mode_reason, "a reconciliation is due");
  EXPECT_TRUE(whole.collection->lists("GO-2"));
  EXPECT_FALSE(whole.collection->lists("GO-1"));
}

TEST_F(LiveOsvList, ReconcilesOnlyWithAnotherArchive) {
  sync();
  EXPECT_EQ(sync(true).state, State::unchanged);
  bucket_.generation = 2;
  EXPECT_EQ(sync(true).state, State::full);
}

TEST_F(LiveOsvList, FollowsItsListWithoutTheArchive) {
  change_list("2024-01-03T00:00:00Z,Go/GO-2\n2024-01-01T00:00:00Z,Go/GO-1\n");
  bucket_.status_of["all.zip"] = 503;
  EXPECT_EQ(sync(true).state, State::delta);
}

TEST_F(LiveOsvList, TellsNothingWhenItIsOlderThanTheKnownOne) {
  fingerprint_ = "modified_id.csv generation 9, awaiting 1";
  bucket_.gcs_status = 503;
  bucket_.list = "2020-01-01T00:00:00Z,Go/GO-9\n";
  EXPECT_EQ(sync().state, State::unchanged);
  EXPECT_EQ(fingerprint_, "modified_id.csv generation 9, awaiting 1");
}

TEST_F(LiveOsvList, IsPassedOverWhenItIsNone) {
  change_list("<html>Please log in to this network</html>");
  bucket_.generation = 2;
  const Fetched fetched = sync();
  EXPECT_EQ(fetched.state, State::full);
  EXPECT_THAT(fetched.mode_reason, HasSubstr("no lines of a list of records"));
}

TEST_F(LiveOsvList, BelievesNoRecordOfAnotherChecksum) {
  change_list("2024-01-03T00:00:00Z,Go/GO-2\n2024-01-01T00:00:00Z,Go/GO-1\n");
  const HttpServer wrong([this](const HttpRequest& request) {
    support::HttpAnswer answer = bucket_(request);
    if (request.target.find("GO-2") != std::string::npos && request.target.find("storage") == 1)
      answer.body = "{3}";
    return answer;
  });
  settings_.osv_gcs_endpoint = wrong.url();
  const Fetched fetched = sync();
  EXPECT_EQ(fetched.route, "http");
  EXPECT_THAT(fetched.route_reason, HasSubstr("checksum"));
  EXPECT_EQ(contents(fetched), (Contents{{"GO-2.json", "{2}"}}));
}

}  // namespace
}  // namespace fetch
