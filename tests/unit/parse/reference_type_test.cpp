#include "parse/reference_type.hpp"

#include <gtest/gtest.h>

namespace parse {
namespace {

TEST(ReferenceType, KnowsAdvisoriesByHostAndPath) {
  for (const char* url :
       {"https://nvd.nist.gov/vuln/detail/CVE-2020-1234", "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
        "https://github.com/owner/name/security/advisories/GHSA-aaaa-bbbb-cccc",
        "https://www.cve.org/CVERecord?id=CVE-2020-1234", "http://www.debian.org/security/2010/dsa-2000",
        "https://security.gentoo.org/glsa/202001-01", "https://usn.ubuntu.com/4000-1/"})
    EXPECT_EQ(reference_type_of(url), "ADVISORY") << url;
}

TEST(ReferenceType, KnowsCommits) {
  EXPECT_EQ(reference_type_of("https://github.com/owner/name/commit/0123456"), "FIX");
  EXPECT_EQ(reference_type_of("https://gitlab.com/group/name/-/commit/0123456"), "FIX");
}

TEST(ReferenceType, EverythingElseIsWeb) {
  for (const char* url :
       {"", "text", "https://", "https://example.org", "https://github.com/owner/name/pull/1",
        "https://github.com/owner/name/commits/main", "https://nvd.nist.gov",
        "https://evil.example/nvd.nist.gov/vuln/", "https://example.org/#/advisories/",
        "https://nvd.nist.gov.example/vuln/"})
    EXPECT_EQ(reference_type_of(url), "WEB") << url;
}

}  // namespace
}  // namespace parse
