#include "store/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr base::Sha256 first_hash{1};
constexpr base::Sha256 second_hash{2};

// A group with storage for what NewVulnerability only views.
struct Group {
  std::vector<std::string_view> ids;
  std::vector<std::int64_t> uids;
  base::Sha256 hash = first_hash;
  bool withdrawn = false;
  std::vector<std::string_view> related = {};
};

Plan plan(const std::vector<StoredVulnerability>& stored, const std::vector<Group>& groups) {
  std::vector<NewVulnerability> now;
  for (const Group& group : groups)
    now.push_back({group.ids.front(), group.ids, group.related, group.hash, group.withdrawn, group.uids});
  return plan_batch(stored, now);
}

StoredVulnerability stored(std::int64_t uid, const std::string& id, std::vector<AliasRow> more = {}) {
  more.push_back({id, AliasKind::id});
  std::sort(more.begin(), more.end());
  return {uid, id, first_hash, false, std::move(more), 0};
}

std::string text_of(const Change& change) {
  std::string text(to_string(change.kind));
  text += change.group ? " " + std::to_string(*change.group) : " uid " + std::to_string(change.uid);
  for (const std::string& other : change.other_ids) text += " " + other;
  return text;
}

std::vector<std::string> texts(const Plan& plan) {
  std::vector<std::string> result;
  for (const Change& change : plan.changes) result.push_back(text_of(change));
  return result;
}

TEST(Plan, ANewGroupIsCreated) {
  const Plan result = plan({}, {{{"CVE-1", "GHSA-1"}, {}}});
  EXPECT_THAT(texts(result), ElementsAre("created 0"));
  EXPECT_FALSE(result.groups[0].uid.has_value());
  EXPECT_THAT(result.groups[0].aliases,
              ElementsAre(AliasRow{"CVE-1", AliasKind::id}, AliasRow{"GHSA-1", AliasKind::alias}));
}

TEST(Plan, NothingChangedWritesNothing) {
  const Plan result = plan({stored(7, "CVE-1")}, {{{"CVE-1"}, {7}}});
  EXPECT_THAT(texts(result), IsEmpty());
  EXPECT_EQ(result.groups[0].uid, 7);
  EXPECT_FALSE(result.groups[0].document_changed);
  EXPECT_FALSE(result.groups[0].aliases_changed);
}

TEST(Plan, AnotherDocumentIsAnUpdate) {
  const Plan result = plan({stored(7, "CVE-1")}, {{{"CVE-1"}, {7}, second_hash}});
  EXPECT_THAT(texts(result), ElementsAre("updated 0"));
  EXPECT_TRUE(result.groups[0].document_changed);
  EXPECT_FALSE(result.groups[0].aliases_changed);
}

TEST(Plan, WithdrawnAndRestored) {
  const Plan gone = plan({stored(7, "CVE-1")}, {{{"CVE-1"}, {7}, second_hash, true}});
  EXPECT_THAT(texts(gone), ElementsAre("withdrawn 0"));
  StoredVulnerability old = stored(7, "CVE-1");
  old.withdrawn = true;
  EXPECT_THAT(texts(plan({old}, {{{"CVE-1"}, {7}, second_hash}})), ElementsAre("restored 0"));
}

TEST(Plan, OfMergedGroupsTheSmallestUidStays) {
  const Plan result =
      plan({stored(9, "CVE-1"), stored(4, "GHSA-1")}, {{{"CVE-1", "GHSA-1"}, {9, 4}, second_hash}});
  EXPECT_EQ(result.groups[0].uid, 4);
  EXPECT_THAT(result.ended_uids, ElementsAre(9));
  EXPECT_THAT(texts(result), ElementsAre("merged 0 CVE-1", "renamed 0 GHSA-1", "removed uid 9 CVE-1"));
}

TEST(Plan, AfterASplitTheUidStaysWithThePublicId) {
  const Plan result = plan({stored(4, "CVE-1", {{"GHSA-1", AliasKind::alias}})},
                           {{{"GHSA-1"}, {4}, second_hash}, {{"CVE-1"}, {4}, second_hash}});
  EXPECT_FALSE(result.groups[0].uid.has_value());
  EXPECT_EQ(result.groups[1].uid, 4);
  EXPECT_THAT(texts(result), ElementsAre("created 0 CVE-1", "split 1 GHSA-1"));
}

TEST(Plan, AFormerIdKeepsResolving) {
  const Plan renamed = plan({stored(4, "X-1", {{"X-0", AliasKind::former}})}, {{{"X-2"}, {4}, second_hash}});
  EXPECT_EQ(renamed.groups[0].uid, 4);
  EXPECT_THAT(texts(renamed), ElementsAre("renamed 0 X-1"));
  EXPECT_THAT(renamed.groups[0].aliases,
              ElementsAre(AliasRow{"X-0", AliasKind::former}, AliasRow{"X-1", AliasKind::former},
                          AliasRow{"X-2", AliasKind::id}));
}

TEST(Plan, AFormerIdThatIsSomebodysIdAgainIsForgotten) {
  const Plan result = plan({stored(4, "X-2", {{"X-1", AliasKind::former}})}, {{{"X-2"}, {4}}, {{"X-1"}, {}}});
  EXPECT_THAT(result.groups[0].aliases, ElementsAre(AliasRow{"X-2", AliasKind::id}));
  EXPECT_THAT(texts(result), ElementsAre("created 1"));
}

TEST(Plan, AVulnerabilityWithoutRecordsIsRemoved) {
  const Plan result = plan({stored(4, "CVE-1"), stored(5, "CVE-2")}, {{{"CVE-2"}, {5}}});
  EXPECT_THAT(result.ended_uids, ElementsAre(4));
  EXPECT_THAT(texts(result), ElementsAre("removed uid 4"));
}

TEST(Plan, SharedIdsAreRelatedRows) {
  const Plan result = plan({}, {{{"CVE-1"}, {}, first_hash, false, {"GHSA-9"}}});
  EXPECT_THAT(result.groups[0].aliases,
              ElementsAre(AliasRow{"CVE-1", AliasKind::id}, AliasRow{"GHSA-9", AliasKind::related}));
}

TEST(Plan, AFormerIdThatSeveralClaimIsForgotten) {
  const Plan result = plan(
      {stored(4, "CVE-1", {{"GHSA-9", AliasKind::former}})},
      {{{"CVE-1"}, {4}, second_hash, false, {"GHSA-9"}}, {{"CVE-2"}, {}, first_hash, false, {"GHSA-9"}}});
  EXPECT_THAT(result.groups[0].aliases,
              ElementsAre(AliasRow{"CVE-1", AliasKind::id}, AliasRow{"GHSA-9", AliasKind::related}));
  EXPECT_THAT(result.groups[1].aliases,
              ElementsAre(AliasRow{"CVE-2", AliasKind::id}, AliasRow{"GHSA-9", AliasKind::related}));
}

}  // namespace
}  // namespace store
