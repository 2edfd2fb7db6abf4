// Several archives as one: which copy of a record is taken.
#include "fetch/overlay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetch/record_spool.hpp"
#include "unit/fetch/mirror_fixture.hpp"

namespace fetch {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

using Records = std::vector<std::pair<std::string, std::string>>;

// Records whose content is a version and anything behind a blank: "3 text".
class OverlayTest : public testing::Test {
 protected:
  std::unique_ptr<const Collection> piece(const Records& records) const {
    RecordSpool spool(directory_.path());
    for (const auto& [location, bytes] : records) spool.add(location, bytes);
    return spool.finish();
  }
  Pieces pieces(const std::vector<Records>& all) const {
    Pieces result;
    for (const Records& records : all) result.push_back(piece(records));
    return result;
  }
  static std::vector<std::string> contents_of(std::unique_ptr<const Collection> collection) {
    std::vector<std::string> result;
    const auto reader = collection->reader();
    for (std::size_t i = 0; i < collection->size(); ++i)
      result.push_back(collection->candidate(i).location + "=" + std::string(reader->read(i)));
    return result;
  }
  static CopyRules rules() {
    return {.id_of = [](std::string_view location) { return location.substr(location.rfind('/') + 1); },
            .version_of = [](std::string_view bytes) { return std::int64_t{bytes.front()}; }};
  }
  // Of version "?" where they do not say; the good ones do.
  static CopyRules some_are_bad() {
    CopyRules result = rules();
    result.version_of = [](std::string_view bytes) {
      return bytes.front() == '?' ? Versions::none : std::int64_t{bytes.front()};
    };
    result.accept = [](std::string_view /*location*/, std::string_view bytes) {
      return bytes.ends_with("good") ? std::optional(std::int64_t{bytes.front()}) : std::nullopt;
    };
    return result;
  }

  base::TemporaryDirectory directory_;
};

TEST_F(OverlayTest, TakesTheLatestVersionWhicheverPieceItIsIn) {
  EXPECT_THAT(contents_of(overlay(pieces({{{"a", "1 old"}, {"b", "9 newest"}, {"c", "1 alone"}},
                                          {{"a", "2 new"}, {"b", "2 older"}, {"d", "1 first"}},
                                          {{"x/a", "1 newer file"}, {"x/d", "0 older"}}}),
                                  rules())),
              ElementsAre("b=9 newest", "c=1 alone", "a=2 new", "d=1 first"));
}

TEST_F(OverlayTest, TakesTheLargerOfEquallyOldCopiesThenTheFirstByLocationThenByContent) {
  const Records first = {{"a", "1 larger"}, {"x/b", "1 one"}, {"c", "1 one"}};
  const Records second = {{"a", "1 small"}, {"b", "1 two"}, {"c", "1 two"}};
  const auto found = contents_of(overlay(pieces({{{"z", "1"}}, first, second}), rules()));
  EXPECT_THAT(found, UnorderedElementsAre("z=1", "a=1 larger", "b=1 two", testing::StartsWith("c=1")));
  EXPECT_THAT(contents_of(overlay(pieces({{{"z", "1"}}, second, first}), rules())),
              testing::UnorderedElementsAreArray(found));
  auto without_z = contents_of(overlay(pieces({first, second}), rules()));
  without_z.emplace_back("z=1");
  EXPECT_THAT(without_z, testing::UnorderedElementsAreArray(found));
}

TEST_F(OverlayTest, HandsOverWhatCannotBeReadBesideTheBestThatCan) {
  const std::vector<Records> all = {{{"a", "1 good"}, {"b", "1 good"}, {"c", "? bad"}, {"d", "? bad"}},
                                    {{"a", "3 bad"}, {"a", "2 good"}, {"b", "? bad"}, {"c", "2 bad"}},
                                    {{"a", "1 bad"}, {"b", "0 bad"}, {"c", "3 bad"}, {"d", "1 good"}}};
  EXPECT_THAT(contents_of(overlay(pieces(all), some_are_bad())),
              ElementsAre("b=1 good", "d=? bad", "a=3 bad", "a=2 good", "b=? bad", "c=3 bad", "d=1 good"));
  // Whoever knows the others is told of the good one again, so that the bad one does not take its place.
  EXPECT_THAT(contents_of(overlay(pieces(all), {false, true, false}, some_are_bad())),
              ElementsAre("b=1 good", "a=3 bad", "a=2 good", "b=? bad"));
}

TEST_F(OverlayTest, HandsOverOnlyWhatComesFromNewPieces) {
  const std::vector<Records> all = {{{"a", "1 old"}, {"b", "9 newest"}},
                                    {{"a", "2 known"}, {"c", "3 known"}},
                                    {{"b", "2 older"}, {"c", "4 new"}, {"d", "1 new"}}};
  EXPECT_THAT(contents_of(overlay(pieces(all), {false, false, true}, rules())),
              ElementsAre("c=4 new", "d=1 new"));
  EXPECT_THAT(contents_of(overlay(pieces(all), {false, true, false}, rules())), ElementsAre("a=2 known"));
}

TEST_F(OverlayTest, GivesRecordsOfLaterPiecesTheirUsualLocation) {
  CopyRules named = rules();
  named.location_of = [](std::string_view id) { return "cves/" + std::string(id); };
  EXPECT_THAT(contents_of(overlay(pieces({{{"cves/a", "1"}}, {{"delta/b", "1"}}}), named)),
              UnorderedElementsAre("cves/a=1", "cves/b=1"));
}

}  // namespace
}  // namespace fetch
