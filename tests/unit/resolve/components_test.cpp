#include "resolve/components.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

namespace resolve {
namespace {

using Lists = std::vector<std::vector<std::uint32_t>>;

Lists lists_of(Components&& components) {
  const ComponentList list = std::move(components).list();
  Lists lists;
  for (std::size_t i = 0; i < list.size(); ++i) lists.emplace_back(list[i].begin(), list[i].end());
  return lists;
}

void add(Components& components, std::uint32_t record, const std::vector<std::uint64_t>& ids) {
  components.add(record, ids);
}

TEST(Components, OfNothingThereAreNone) {
  EXPECT_EQ(lists_of(Components()), Lists{});
}

TEST(Components, RecordsThatShareAnIdAreTogetherInTheOrderOfTheFirst) {
  Components components;
  add(components, 0, {10});
  add(components, 1, {11, 12});
  add(components, 2, {13});
  add(components, 3, {12, 10});
  EXPECT_EQ(lists_of(std::move(components)), (Lists{{0, 1, 3}, {2}}));
}

TEST(Components, RecordsMayComeInAnyOrderAndWithGaps) {
  Components components;
  add(components, 7, {10});
  add(components, 3, {11});
  add(components, 5, {11, 10});
  add(components, 9, {});
  EXPECT_EQ(lists_of(std::move(components)), (Lists{{3, 5, 7}, {9}}));
}

TEST(Components, ARecordMayBeAddedAgainWithMoreIds) {
  Components components;
  add(components, 0, {10});
  add(components, 1, {11});
  add(components, 0, {11});
  EXPECT_EQ(lists_of(std::move(components)), (Lists{{0, 1}}));
}

TEST(Components, AnyHashIsAnId) {
  constexpr std::uint64_t largest = ~std::uint64_t{0};
  constexpr std::uint64_t high_half_only = std::uint64_t{1} << 32;
  Components components;
  add(components, 0, {0});
  add(components, 1, {largest});
  add(components, 2, {high_half_only});
  add(components, 3, {0, largest});
  EXPECT_EQ(lists_of(std::move(components)), (Lists{{0, 1, 3}, {2}}));
}

TEST(Components, LinksHoldForIdsThatComeBeforeAndAfter) {
  Components components;
  add(components, 0, {10});
  components.link(10, 11);
  add(components, 1, {11});
  add(components, 2, {12});
  EXPECT_EQ(lists_of(std::move(components)), (Lists{{0, 1}, {2}}));
}

TEST(Components, AChainOfLinksHoldsOverIdsThatNoRecordNames) {
  Components components;
  add(components, 0, {10});
  add(components, 1, {11});
  components.link(10, 20);
  components.link(21, 11);
  components.link(20, 21);
  components.link(30, 31);
  EXPECT_EQ(lists_of(std::move(components)), (Lists{{0, 1}}));
}

// A hundred thousand records in a chain, with ids that all begin their search in the same few slots.
TEST(Components, ManyRecordsInOneChain) {
  constexpr std::uint32_t records = 100'000;
  Components components;
  for (std::uint32_t record = records; record-- > 0;)
    add(components, record, {std::uint64_t{record} * 8, std::uint64_t{record + 1} * 8});
  const ComponentList list = std::move(components).list();
  ASSERT_EQ(list.size(), 1U);
  ASSERT_EQ(list[0].size(), records);
  EXPECT_EQ(list[0].front(), 0U);
  EXPECT_EQ(list[0].back(), records - 1);
}

// The same by repeated search over sets.
Lists plain_components(const std::vector<std::vector<std::uint64_t>>& records,
                       const std::vector<std::pair<std::uint64_t, std::uint64_t>>& links) {
  std::vector<std::set<std::uint64_t>> alike;
  alike.reserve(records.size() + links.size());
  for (const auto& ids : records) alike.emplace_back(ids.begin(), ids.end());
  for (const auto& [a, b] : links) alike.push_back({a, b});
  std::vector<bool> seen(records.size(), false);
  Lists lists;
  for (std::uint32_t start = 0; start < records.size(); ++start) {
    if (seen[start]) continue;
    std::set<std::uint64_t> ids = alike[start];
    for (std::size_t before = 0; before != ids.size();) {
      before = ids.size();
      for (const auto& others : alike)
        if (std::any_of(others.begin(), others.end(), [&ids](std::uint64_t id) { return ids.contains(id); }))
          ids.insert(others.begin(), others.end());
    }
    lists.emplace_back();
    for (std::uint32_t record = start; record < records.size(); ++record) {
      const bool inside =
          record == start || std::any_of(records[record].begin(), records[record].end(),
                                         [&ids](std::uint64_t id) { return ids.contains(id); });
      if (!inside) continue;
      seen[record] = true;
      lists.back().push_back(record);
    }
  }
  return lists;
}

RC_GTEST_PROP(ComponentsProperty, AgreesWithAPlainSearch, ()) {
  const auto id =
      rc::gen::map(rc::gen::inRange<std::uint64_t>(0, 60), [](std::uint64_t n) { return n << (n % 40); });
  const auto records = *rc::gen::container<std::vector<std::vector<std::uint64_t>>>(
      rc::gen::scale(0.03, rc::gen::container<std::vector<std::uint64_t>>(id)));
  const auto links = *rc::gen::scale(
      0.05, rc::gen::container<std::vector<std::pair<std::uint64_t, std::uint64_t>>>(rc::gen::pair(id, id)));
  Components components;
  std::size_t next_link = 0;
  for (std::uint32_t record = 0; record < records.size(); ++record) {
    if (next_link < links.size()) {
      components.link(links[next_link].first, links[next_link].second);
      ++next_link;
    }
    components.add(record, records[record]);
  }
  for (; next_link < links.size(); ++next_link)
    components.link(links[next_link].first, links[next_link].second);
  RC_ASSERT(lists_of(std::move(components)) == plain_components(records, links));
}

}  // namespace
}  // namespace resolve
