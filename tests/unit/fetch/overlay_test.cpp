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

  base::TemporaryDirectory directory_;
};

TEST_F(OverlayTest, TakesTheLatestVersionAndOfEqualOnesThatOfTheLaterPiece) {
  EXPECT_THAT(contents_of(overlay(pieces({{{"a", "1 old"}, {"b", "9 newest"}, {"c", "1 alone"}},
                                          {{"a", "2 new"}, {"b", "2 older"}, {"d", "1 first"}},
                                          {{"x/a", "2 same"}, {"x/d", "0 older"}}}),
                                  rules())),
              ElementsAre("b=9 newest", "c=1 alone", "d=1 first", "x/a=2 same"));
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
