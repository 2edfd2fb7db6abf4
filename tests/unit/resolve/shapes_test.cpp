// Shapes of the real data, rebuilt small: what plain transitivity makes of them is what users complain about.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "resolve/resolve.hpp"
#include "unit/resolve/corpus.hpp"

namespace resolve {
namespace {

struct Shape {
  std::string name;
  Corpus corpus;
  std::vector<std::string> groups;
};

void PrintTo(const Shape& shape, std::ostream* out) {
  *out << shape.name;
}

class ResolveShape : public testing::TestWithParam<Shape> {};

TEST_P(ResolveShape, IsGroupedAsItShouldBe) {
  EXPECT_EQ(describe(GetParam().corpus), GetParam().groups);
}

// A crate advisory that lists a CVE and a GHSA id for each of its bugs (RUSTSEC-2020-0014 has eight of each).
// GitLab writes it up under the first of them and names the others too.
const Shape one_advisory_for_several_cves{
    "OneAdvisoryForSeveralCves",
    {{osv("RUSTSEC-2020-0014",
          {"CVE-2020-35866", "CVE-2020-35867", "GHSA-28ph-f7gx-fqj8", "GHSA-3cgf-9m6x-pwwr"}),
      osv("GHSA-28ph-f7gx-fqj8", {"CVE-2020-35866"}), osv("GHSA-3cgf-9m6x-pwwr", {"CVE-2020-35867"}),
      gitlab("rusqlite", "CVE-2020-35866", {"CVE-2020-35867", "GHSA-28ph-f7gx-fqj8"}), cve("CVE-2020-35866")},
     {}},
    {"CVE-2020-35866: osv:GHSA-28ph-f7gx-fqj8 gitlab:rusqlite cve:CVE-2020-35866 "
     "ids(CVE-2020-35866 GHSA-28ph-f7gx-fqj8) related(CVE-2020-35867 RUSTSEC-2020-0014) "
     "unfollowed(gitlab:rusqlite>CVE-2020-35867=several-anchors)",
     "CVE-2020-35867: osv:GHSA-3cgf-9m6x-pwwr ids(CVE-2020-35867 GHSA-3cgf-9m6x-pwwr) "
     "related(RUSTSEC-2020-0014)",
     "RUSTSEC-2020-0014: osv:RUSTSEC-2020-0014 related(GHSA-28ph-f7gx-fqj8 GHSA-3cgf-9m6x-pwwr) "
     "upstream(CVE-2020-35866 CVE-2020-35867) "
     "unfollowed(osv:RUSTSEC-2020-0014>CVE-2020-35866=several-anchors "
     "osv:RUSTSEC-2020-0014>CVE-2020-35867=several-anchors "
     "osv:RUSTSEC-2020-0014>GHSA-28ph-f7gx-fqj8=several-anchors "
     "osv:RUSTSEC-2020-0014>GHSA-3cgf-9m6x-pwwr=several-anchors)"}};

// moment and luxon: a file of each names the GHSA id that belongs to one of them.
const Shape two_cves_through_a_shared_ghsa_id{
    "TwoCvesThroughASharedGhsaId",
    {{gitlab("moment", "CVE-2022-31129", {"GHSA-wc69-rhjr-hc9g"}),
      gitlab("luxon", "CVE-2023-22467", {"GHSA-3xq5-wjfh-ppjc", "GHSA-wc69-rhjr-hc9g"}),
      cve("CVE-2022-31129"), cve("CVE-2023-22467")},
     {}},
    {"CVE-2022-31129: gitlab:moment cve:CVE-2022-31129 related(GHSA-wc69-rhjr-hc9g) "
     "unfollowed(gitlab:moment>GHSA-wc69-rhjr-hc9g=contested)",
     "CVE-2023-22467: gitlab:luxon cve:CVE-2023-22467 ids(CVE-2023-22467 GHSA-3xq5-wjfh-ppjc) "
     "related(GHSA-wc69-rhjr-hc9g) unfollowed(gitlab:luxon>GHSA-wc69-rhjr-hc9g=contested)",
     "shared GHSA-wc69-rhjr-hc9g: CVE-2022-31129 CVE-2023-22467"}};

// The same two, and an operator who knows whose id it is.
const Shape the_operator_decides_a_contested_id{
    "TheOperatorDecidesAContestedId",
    {two_cves_through_a_shared_ghsa_id.corpus.entries, {allow("CVE-2022-31129", "GHSA-wc69-rhjr-hc9g")}},
    {"CVE-2022-31129: gitlab:moment cve:CVE-2022-31129 ids(CVE-2022-31129 GHSA-wc69-rhjr-hc9g)",
     "CVE-2023-22467: gitlab:luxon cve:CVE-2023-22467 ids(CVE-2023-22467 GHSA-3xq5-wjfh-ppjc) "
     "related(GHSA-wc69-rhjr-hc9g) unfollowed(gitlab:luxon>GHSA-wc69-rhjr-hc9g=placed-elsewhere)"}};

// One GitLab file per crate of a workspace, all under one identifier (406 of them in one case).
const Shape many_files_under_one_identifier{
    "ManyFilesUnderOneIdentifier",
    {{gitlab("aws-sdk-ec2", "GHSA-g59m-gf8j-gjf5"), gitlab("aws-sdk-iam", "GHSA-g59m-gf8j-gjf5"),
      gitlab("aws-sdk-s3", "GHSA-g59m-gf8j-gjf5"), osv("GHSA-g59m-gf8j-gjf5", {"RUSTSEC-2026-0001"})},
     {}},
    {"GHSA-g59m-gf8j-gjf5: osv:GHSA-g59m-gf8j-gjf5 gitlab:aws-sdk-ec2 gitlab:aws-sdk-iam gitlab:aws-sdk-s3 "
     "ids(GHSA-g59m-gf8j-gjf5 RUSTSEC-2026-0001)"}};

// One GitLab id per package of one advisory (21 in one case), some of which know the CVE.
const Shape one_id_per_package{"OneIdPerPackage",
                               {{gitlab("u1", "GMS-2022-1", {"GHSA-7vpr-3ppw-qrpj"}),
                                 gitlab("u2", "GMS-2022-2", {"GHSA-7vpr-3ppw-qrpj"}),
                                 gitlab("u3", "GMS-2022-3", {"CVE-2022-9999", "GHSA-7vpr-3ppw-qrpj"})},
                                {}},
                               {"CVE-2022-9999: gitlab:u1 gitlab:u2 gitlab:u3 "
                                "ids(CVE-2022-9999 GHSA-7vpr-3ppw-qrpj GMS-2022-1 GMS-2022-2 GMS-2022-3)"}};

// A file named after the CVE and beside it the tombstone of the same package, named after the GHSA id.
const Shape a_tombstone_beside_the_live_file{
    "ATombstoneBesideTheLiveFile",
    {{gitlab("live", "CVE-2021-3807", {"GHSA-93q8-gq69-wqmw"}),
      gitlab("tombstone", "GHSA-93q8-gq69-wqmw", {"CVE-2021-3807"}).withdrawn()},
     {}},
    {"CVE-2021-3807: gitlab:live gitlab:tombstone ids(CVE-2021-3807 GHSA-93q8-gq69-wqmw)"}};

// A tombstone that names another vulnerability as well: 1,414 such files would bridge.
const Shape a_tombstone_is_no_bridge{
    "ATombstoneIsNoBridge",
    {{gitlab("tombstone", "GMS-2020-7", {"GHSA-2222-2222-2222", "GHSA-3333-3333-3333"}).withdrawn(),
      osv("GHSA-2222-2222-2222", {"CVE-2020-2222"}), osv("GHSA-3333-3333-3333", {"CVE-2020-3333"})},
     {}},
    {"CVE-2020-2222: osv:GHSA-2222-2222-2222 ids(CVE-2020-2222 GHSA-2222-2222-2222)",
     "CVE-2020-3333: osv:GHSA-3333-3333-3333 ids(CVE-2020-3333 GHSA-3333-3333-3333)",
     "GMS-2020-7: gitlab:tombstone related(GHSA-2222-2222-2222 GHSA-3333-3333-3333) "
     "unfollowed(gitlab:tombstone>GHSA-2222-2222-2222=retracted "
     "gitlab:tombstone>GHSA-3333-3333-3333=retracted)"}};

// OSV exports closures: its CVE records list each other's ids once one advisory has glued them together.
const Shape an_exported_closure{
    "AnExportedClosure",
    {{osv("CVE-2020-8927", {"CVE-2020-36846", "GHSA-5v8v-66v8-mwm7", "PYSEC-2020-29"}),
      osv("CVE-2020-36846", {"CVE-2020-8927", "GHSA-5v8v-66v8-mwm7", "PYSEC-2020-29"}),
      osv("PYSEC-2020-29", {"CVE-2020-36846", "CVE-2020-8927", "GHSA-5v8v-66v8-mwm7"}),
      gitlab("dotnet", "CVE-2020-8927", {"GHSA-5v8v-66v8-mwm7"}), cve("CVE-2020-8927"),
      cve("CVE-2020-36846")},
     {}},
    {"CVE-2020-36846: osv:CVE-2020-36846 cve:CVE-2020-36846 "
     "related(CVE-2020-8927 GHSA-5v8v-66v8-mwm7 PYSEC-2020-29) "
     "unfollowed(osv:CVE-2020-36846>CVE-2020-8927=several-anchors "
     "osv:CVE-2020-36846>GHSA-5v8v-66v8-mwm7=several-anchors "
     "osv:CVE-2020-36846>PYSEC-2020-29=several-anchors)",
     "CVE-2020-8927: osv:CVE-2020-8927 gitlab:dotnet cve:CVE-2020-8927 ids(CVE-2020-8927 "
     "GHSA-5v8v-66v8-mwm7) "
     "related(CVE-2020-36846 PYSEC-2020-29) "
     "unfollowed(osv:CVE-2020-8927>CVE-2020-36846=several-anchors "
     "osv:CVE-2020-8927>PYSEC-2020-29=several-anchors)",
     "PYSEC-2020-29: osv:PYSEC-2020-29 related(GHSA-5v8v-66v8-mwm7) upstream(CVE-2020-36846 CVE-2020-8927) "
     "unfollowed(osv:PYSEC-2020-29>CVE-2020-36846=several-anchors "
     "osv:PYSEC-2020-29>CVE-2020-8927=several-anchors "
     "osv:PYSEC-2020-29>GHSA-5v8v-66v8-mwm7=several-anchors)"}};

// A CVE id rejected as a duplicate, and an advisory that still names both.
const Shape a_rejected_duplicate{
    "ARejectedDuplicate",
    {{rejected("CVE-2020-10001"), cve("CVE-2020-10002"),
      osv("GHSA-4444-4444-4444", {"CVE-2020-10001", "CVE-2020-10002"}),
      gitlab("u1", "CVE-2020-10001", {"GHSA-4444-4444-4444"})},
     {}},
    {"CVE-2020-10002: osv:GHSA-4444-4444-4444 gitlab:u1 cve:CVE-2020-10001 cve:CVE-2020-10002 "
     "ids(CVE-2020-10001 CVE-2020-10002 GHSA-4444-4444-4444)"}};

// A withdrawn Go report whose CVE and GHSA record live on, and one that nobody else speaks of.
const Shape withdrawn_reports{
    "WithdrawnReports",
    {{osv("GO-2022-0617", {"CVE-2020-8562", "GHSA-qh36-44jv-c8xj"}).withdrawn(), cve("CVE-2020-8562"),
      osv("GO-2024-2442", {"GHSA-76cc-p55w-63g3"}).withdrawn()},
     {}},
    {"CVE-2020-8562: osv:GO-2022-0617 cve:CVE-2020-8562 ids(CVE-2020-8562 GHSA-qh36-44jv-c8xj GO-2022-0617)",
     "GHSA-76cc-p55w-63g3: osv:GO-2024-2442 ids(GHSA-76cc-p55w-63g3 GO-2024-2442)"}};

INSTANTIATE_TEST_SUITE_P(RealData, ResolveShape,
                         testing::Values(one_advisory_for_several_cves, two_cves_through_a_shared_ghsa_id,
                                         the_operator_decides_a_contested_id, many_files_under_one_identifier,
                                         one_id_per_package, a_tombstone_beside_the_live_file,
                                         a_tombstone_is_no_bridge, an_exported_closure, a_rejected_duplicate,
                                         withdrawn_reports),
                         [](const auto& shape) { return shape.param.name; });

}  // namespace
}  // namespace resolve
