// CVSS vectors: which are valid, what they score, how the score is called.
//
//   v2.0  https://www.first.org/cvss/v2/guide            vectors 2.4, base equation 3.2.1
//   v3.0  https://www.first.org/cvss/v3.0/specification-document   vectors 6, base score 8.1
//   v3.1  https://www.first.org/cvss/v3.1/specification-document   vectors 6, base score 7.1, Roundup
//   appendix A v4.0  https://www.first.org/cvss/v4.0/specification-document   vectors 7, scoring 8
//
// A score is that of the base metrics for v2 and v3, which define temporal and environmental scores of their
// own. v4.0 has one score per vector, computed from all metrics it holds (section 8.2), so that is the one
// here: with E:U it is lower than without. In both cases it is the number that publishers put into
// `baseScore` beside the vector.
//
// All arithmetic is on integers (but for one power in v3), so that a score never depends on how a decimal
// fraction happens to be rounded in binary.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace advisory {

/// In ascending order of preference.
enum class CvssVersion : std::uint8_t { v2, v3_0, v3_1, v4_0 };

/// "2.0", "3.0", "3.1", "4.0".
std::string_view to_string(CvssVersion version);

/// The type of an OSV severity that holds such a vector: "CVSS_V2", "CVSS_V3" (both versions) or "CVSS_V4".
std::string_view severity_type(CvssVersion version);

/// How bad it is, in one word. Ordered as the enum type in the database.
enum class Rating : std::uint8_t { unknown, none, low, medium, high, critical };

/// "UNKNOWN", "NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL".
std::string_view to_string(Rating rating);

struct Cvss {
  CvssVersion version = CvssVersion::v2;
  int score_tenths = 0;  // 98 for 9.8
  Rating rating = Rating::unknown;
  friend bool operator==(const Cvss&, const Cvss&) = default;
};

/// Reads, checks and scores a vector. Nothing when it is not valid: every base metric exactly once, no other
/// metric more than once, only values its version defines, letter case as written there. v4.0 asks for the
/// order of its Table 23 (section 7); v3 says that any order is good, and v2 is read the same way, as the OSV
/// JSON schema does. v2 vectors have no prefix and no parentheses.
std::optional<Cvss> read_cvss(std::string_view vector);

/// The word for a score: section 5 of v3.0 and v3.1, section 6 of v4.0 ("Qualitative Severity Rating Scale").
/// v2.0 defines none; the ranges LOW 0.0-3.9, MEDIUM 4.0-6.9, HIGH 7.0-10.0 are NVD's
/// (https://nvd.nist.gov/vuln-metrics/cvss).
Rating rating_of(CvssVersion version, int score_tenths);

/// The rating behind one of the words of an OSV severity of type "Ubuntu" ("negligible" counts as LOW), or
/// unknown for any other word.
Rating rating_of_ubuntu(std::string_view word);

}  // namespace advisory
