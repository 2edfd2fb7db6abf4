#include "advisory/cvss.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace advisory {
namespace {

int score_of(std::string_view vector) {
  const auto cvss = read_cvss(vector);
  return cvss ? cvss->score_tenths : -1;
}

TEST(Cvss, ReadsVersionScoreAndRating) {
  EXPECT_EQ(read_cvss("AV:N/AC:L/Au:N/C:N/I:N/A:C"), (Cvss{CvssVersion::v2, 78, Rating::high}));
  EXPECT_EQ(read_cvss("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"),
            (Cvss{CvssVersion::v3_0, 61, Rating::medium}));
  EXPECT_EQ(read_cvss("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
            (Cvss{CvssVersion::v3_1, 98, Rating::critical}));
  EXPECT_EQ(read_cvss("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"),
            (Cvss{CvssVersion::v4_0, 93, Rating::critical}));
}

// Worked examples of the v2 guide (section 3.3) and published scores of well-known vulnerabilities.
TEST(Cvss, KnownScores) {
  const std::pair<const char*, int> known[] = {
      {"AV:N/AC:L/Au:N/C:C/I:C/A:C", 100},
      {"AV:L/AC:H/Au:N/C:C/I:C/A:C", 62},
      {"AV:N/AC:M/Au:N/C:N/I:P/A:N", 43},
      {"AV:L/AC:H/Au:M/C:N/I:N/A:P", 8},
      {"AV:N/AC:L/Au:N/C:P/I:N/A:N", 50},  // Heartbleed
      {"AV:N/AC:L/Au:N/C:N/I:N/A:N", 0},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 100},  // Log4Shell
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 75},   // Heartbleed
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 75},   // HTTP/2 rapid reset
      {"CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 78},   // Dirty COW, Baron Samedit
      {"CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 31},
      {"CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:L", 16},
      {"CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 64},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:N", 0},
      {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 100},
      {"CVSS:4.0/AV:L/AC:L/AT:P/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N", 21},
      {"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 77},
      {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0},
  };
  for (const auto& [vector, tenths] : known) EXPECT_EQ(score_of(vector), tenths) << vector;
}

TEST(Cvss, V2AndV3ScoreTheBaseMetricsAlone) {
  EXPECT_EQ(score_of("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:U/RL:OF/RC:UC/CDP:N/TD:N/CR:L/IR:L/AR:L"), 78);
  EXPECT_EQ(score_of("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U/MC:N/MI:N/MA:N"), 98);
}

TEST(Cvss, V4ScoresEveryMetricOfTheVector) {
  EXPECT_EQ(score_of("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N"), 87);
  EXPECT_EQ(score_of("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N/E:X"), 87);
  EXPECT_EQ(score_of("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N/E:U"), 66);
  EXPECT_EQ(score_of("CVSS:4.0/AV:P/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:H/SA:N/MSI:S/S:P"), 92);
  EXPECT_EQ(score_of("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N/MSI:S"), 89);
  EXPECT_EQ(score_of("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N/U:Clear"), 0);
}

using Axis = std::pair<std::string_view, std::vector<std::string_view>>;

struct Sum {
  int vectors = 0;
  int scores = 0;
  std::int64_t hash = 0;
  friend bool operator==(const Sum&, const Sum&) = default;
};

void add_all(std::string& vector, std::span<const Axis> axes, Sum& sum) {
  if (axes.empty()) {
    const int score = score_of(vector);
    ++sum.vectors;
    sum.scores += score;
    sum.hash = (sum.hash * 31 + score) % 1000000007;
    return;
  }
  const std::size_t size = vector.size();
  for (const std::string_view value : axes[0].second) {
    if (!vector.empty() && vector.back() != '/') vector += '/';
    vector.append(axes[0].first).append(":").append(value);
    add_all(vector, axes.subspan(1), sum);
    vector.resize(size);
  }
}

/// Every combination of the values of `axes`, in their order, behind `start`.
Sum sum_of(std::string start, const std::vector<Axis>& axes) {
  Sum sum;
  add_all(start, axes, sum);
  return sum;
}

// The expected numbers were computed with an independent implementation, the Python package "cvss" 3.6.
TEST(Cvss, EveryBaseVectorScoresAsAnIndependentImplementationSays) {
  const std::vector<std::string_view> npc = {"N", "P", "C"};
  EXPECT_EQ(sum_of("", {{"AV", {"L", "A", "N"}},
                        {"AC", {"H", "M", "L"}},
                        {"Au", {"M", "S", "N"}},
                        {"C", npc},
                        {"I", npc},
                        {"A", npc}}),
            (Sum{729, 38007, 291611936}));
  const std::vector<std::string_view> nlh = {"N", "L", "H"};
  for (const char* prefix : {"CVSS:3.0/", "CVSS:3.1/"})
    EXPECT_EQ(sum_of(prefix, {{"AV", {"N", "A", "L", "P"}},
                              {"AC", {"L", "H"}},
                              {"PR", nlh},
                              {"UI", {"N", "R"}},
                              {"S", {"U", "C"}},
                              {"C", nlh},
                              {"I", nlh},
                              {"A", nlh}}),
              (Sum{2592, 142706, 548309627}));
  const std::vector<std::string_view> hln = {"H", "L", "N"};
  EXPECT_EQ(sum_of("CVSS:4.0/", {{"AV", {"N", "A", "L", "P"}},
                                 {"AC", {"L", "H"}},
                                 {"AT", {"N", "P"}},
                                 {"PR", nlh},
                                 {"UI", {"N", "P", "A"}},
                                 {"VC", hln},
                                 {"VI", hln},
                                 {"VA", hln},
                                 {"SC", hln},
                                 {"SI", hln},
                                 {"SA", hln}}),
            (Sum{104976, 5964883, 644167128}));
  const std::vector<std::string_view> xhml = {"X", "H", "M", "L"};
  EXPECT_EQ(sum_of("CVSS:4.0/AV:L/AC:H/AT:N/PR:L/UI:P/VC:H/VI:L/VA:H/SC:L/SI:H/SA:N",
                   {{"E", {"X", "A", "P", "U"}},
                    {"CR", xhml},
                    {"IR", xhml},
                    {"AR", xhml},
                    {"MAV", {"X", "N", "P"}},
                    {"MVC", {"X", "H", "N"}},
                    {"MSI", {"X", "S", "H", "L"}},
                    {"MSA", {"X", "S", "H", "N"}}}),
            (Sum{36864, 1778786, 602104697}));
}

TEST(Cvss, AnyOrderInV2AndV3) {
  EXPECT_EQ(score_of("A:C/I:N/C:N/Au:N/AC:L/AV:N"), 78);
  EXPECT_EQ(score_of("RL:OF/A:C/I:N/C:N/Au:N/AC:L/AV:N"), 78);
  EXPECT_EQ(score_of("CVSS:3.1/E:F/A:H/I:H/C:H/S:U/UI:N/PR:N/AC:L/AV:N"), 98);
}

TEST(Cvss, RefusesWhatItsSpecificationRefuses) {
  for (const char* vector : {
           "",
           "/",
           "7.5",
           "HIGH",
           "(AV:N/AC:L/Au:N/C:N/I:N/A:C)",
           "CVSS2#AV:N/AC:L/Au:N/C:N/I:N/A:C",
           "AV:N/AC:L/Au:N/C:N/I:N",          // A is missing
           "AV:N/AC:L/Au:N/C:N/I:N/A:C/",     // ends in a slash
           "AV:N/AC:L/Au:N/C:N/I:N/A:C/A:C",  // a metric twice
           "AV:N/AC:L/Au:N/C:N/I:N/A:X",      // no such value
           "AV:N/AC:L/Au:N/C:N/I:N/A:C/E:X",  // no such value in v2
           "AV:N/AC:L/AU:N/C:N/I:N/A:C",      // letter case
           " AV:N/AC:L/Au:N/C:N/I:N/A:C",
           "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",  // v3 without its prefix
           "CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
           "CVSS:3.1",
           "CVSS:3.1/",
           "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
           "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/A:H",
           "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:X/I:H/A:H",
           "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H ",
           "cvss:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
           "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N",
           "CVSS:4.0/AC:L/AV:N/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",           // order
           "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/CR:H/E:A",  // order
           "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N",  // Safety in a base metric
           "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/U:clear",
       })
    EXPECT_EQ(read_cvss(vector), std::nullopt) << vector;
}

TEST(Cvss, RatingsChangeAtTheBordersOfTheSpecifications) {
  EXPECT_EQ(rating_of(CvssVersion::v3_1, 0), Rating::none);
  EXPECT_EQ(rating_of(CvssVersion::v3_1, 1), Rating::low);
  EXPECT_EQ(rating_of(CvssVersion::v3_0, 39), Rating::low);
  EXPECT_EQ(rating_of(CvssVersion::v3_0, 40), Rating::medium);
  EXPECT_EQ(rating_of(CvssVersion::v4_0, 69), Rating::medium);
  EXPECT_EQ(rating_of(CvssVersion::v4_0, 70), Rating::high);
  EXPECT_EQ(rating_of(CvssVersion::v4_0, 89), Rating::high);
  EXPECT_EQ(rating_of(CvssVersion::v4_0, 90), Rating::critical);
  EXPECT_EQ(rating_of(CvssVersion::v2, 0), Rating::low);
  EXPECT_EQ(rating_of(CvssVersion::v2, 39), Rating::low);
  EXPECT_EQ(rating_of(CvssVersion::v2, 40), Rating::medium);
  EXPECT_EQ(rating_of(CvssVersion::v2, 69), Rating::medium);
  EXPECT_EQ(rating_of(CvssVersion::v2, 70), Rating::high);
  EXPECT_EQ(rating_of(CvssVersion::v2, 100), Rating::high);
}

TEST(Cvss, Words) {
  EXPECT_EQ(to_string(CvssVersion::v2), "2.0");
  EXPECT_EQ(to_string(CvssVersion::v4_0), "4.0");
  EXPECT_EQ(severity_type(CvssVersion::v2), "CVSS_V2");
  EXPECT_EQ(severity_type(CvssVersion::v3_0), "CVSS_V3");
  EXPECT_EQ(severity_type(CvssVersion::v3_1), "CVSS_V3");
  EXPECT_EQ(severity_type(CvssVersion::v4_0), "CVSS_V4");
  EXPECT_EQ(to_string(Rating::unknown), "UNKNOWN");
  EXPECT_EQ(to_string(Rating::critical), "CRITICAL");
  EXPECT_EQ(rating_of_ubuntu("negligible"), Rating::low);
  EXPECT_EQ(rating_of_ubuntu("critical"), Rating::critical);
  EXPECT_EQ(rating_of_ubuntu("untriaged"), Rating::unknown);
}

}  // namespace
}  // namespace advisory
