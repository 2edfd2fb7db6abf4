// Any text as a CVSS vector: none, or a score from 0 to 10 with the word for it. And any word as Ubuntu's.
#include "advisory/cvss.hpp"
#include "fuzz/fuzz_target.hpp"

FUZZ_TARGET(cvss) {
  advisory::rating_of_ubuntu(bytes);
  const auto cvss = advisory::read_cvss(bytes);
  if (!cvss) return;
  fuzz::require(cvss->score_tenths >= 0 && cvss->score_tenths <= 100, "a score is from 0 to 10");
  fuzz::require(cvss->rating == advisory::rating_of(cvss->version, cvss->score_tenths),
                "the rating is that of the score");
  fuzz::require(advisory::read_cvss(bytes) == cvss, "the same vector has the same score");
}
