// What must hold for every corpus, over generated ones: small pools of ids, so that everything meets
// everything.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <random>
#include <set>
#include <tuple>

#include "advisory/identifier.hpp"
#include "support/reference_resolve.hpp"
#include "unit/resolve/corpus.hpp"

namespace resolve {

std::ostream& operator<<(std::ostream& out, const Corpus& corpus) {
  for (const Entry& entry : corpus.entries) {
    out << advisory::to_string(entry.source) << ':' << entry.record_id << " own=" << entry.own_id
        << " claims=[" << join(entry.claims) << ']' << (entry.retracted ? " retracted" : "")
        << (entry.cve_rejected ? " rejected" : "") << '\n';
  }
  for (const Decision& decision : corpus.decisions)
    out << (decision.allow ? "allow " : "deny ") << decision.a << ' ' << decision.b << '\n';
  return out;
}

namespace {

using advisory::Source;

rc::Gen<std::string> any_cve() {
  return rc::gen::element<std::string>("CVE-2021-0001", "CVE-2021-0002", "CVE-2021-0003", "CVE-2021-0004");
}

// Real forms, and texts that are no identifiers but may be somebody's own id.
rc::Gen<std::string> any_other_id() {
  return rc::gen::element<std::string>("GHSA-aaaa-aaaa-aaaa", "GHSA-bbbb-bbbb-bbbb", "GHSA-cccc-cccc-cccc",
                                       "PYSEC-1", "PYSEC-2", "RUSTSEC-1", "GMS-1", "GMS-2", "GMS-3", "",
                                       " dirty, ", "\xC3\xA9");
}

rc::Gen<std::string> any_id() {
  return rc::gen::weightedOneOf<std::string>({{1, any_cve()}, {2, any_other_id()}});
}

Entry make_entry(Source source, std::string own, std::vector<std::string> claims, int state) {
  if (claims.size() > 4) claims.resize(4);
  if (source != Source::cve) return {source, own, std::move(own), std::move(claims), state == 0, false};
  return {source, own, std::move(own), std::move(claims), state == 1, state == 0};
}

rc::Gen<Entry> any_entry() {
  return rc::gen::mapcat(rc::gen::element(Source::osv, Source::gitlab, Source::cve), [](Source source) {
    return rc::gen::map(
        rc::gen::tuple(source == Source::cve ? any_cve() : any_id(),
                       rc::gen::container<std::vector<std::string>>(any_id()), rc::gen::inRange(0, 4)),
        [source](const std::tuple<std::string, std::vector<std::string>, int>& parts) {
          return std::apply([source](const auto&... each) { return make_entry(source, each...); }, parts);
        });
  });
}

rc::Gen<Decision> any_decision() {
  return rc::gen::build<Decision>(rc::gen::set(&Decision::a, any_id()), rc::gen::set(&Decision::b, any_id()),
                                  rc::gen::set(&Decision::allow));
}

// Up to 24 records with distinct keys: GitLab's are numbered, elsewhere the first record of an id stays.
Corpus make_corpus(std::vector<Entry> entries, std::vector<Decision> decisions) {
  Corpus corpus;
  std::set<std::pair<Source, std::string>> keys;
  for (Entry& entry : entries) {
    if (corpus.entries.size() == 24) break;
    if (entry.source == Source::gitlab) entry.record_id = "uuid-" + std::to_string(corpus.entries.size());
    if (keys.emplace(entry.source, entry.record_id).second) corpus.entries.push_back(std::move(entry));
  }
  corpus.decisions = std::move(decisions);
  if (corpus.decisions.size() > 4) corpus.decisions.resize(4);
  return corpus;
}

rc::Gen<Corpus> any_corpus() {
  return rc::gen::map(rc::gen::pair(rc::gen::container<std::vector<Entry>>(any_entry()),
                                    rc::gen::container<std::vector<Decision>>(any_decision())),
                      [](std::pair<std::vector<Entry>, std::vector<Decision>> parts) {
                        return make_corpus(std::move(parts.first), std::move(parts.second));
                      });
}

// Checks `property` on several corpora for each of rapidcheck's 100 cases.
template <typename Property>
void for_many_corpora(Property property, std::size_t count = 5) {
  const auto corpora = *rc::gen::container<std::vector<Corpus>>(count, any_corpus());
  for (const Corpus& corpus : corpora) property(corpus);
}

// The group that each id stands in.
std::map<std::string_view, std::uint32_t> groups_by_id(const Result& result) {
  std::map<std::string_view, std::uint32_t> groups;
  for (std::uint32_t group = 0; group < result.groups.size(); ++group)
    for (const std::string_view id : result.groups[group].ids) RC_ASSERT(groups.emplace(id, group).second);
  return groups;
}

RC_GTEST_PROP(ResolveProperty, AgreesWithThePlainImplementation, ()) {
  for_many_corpora(
      [](const Corpus& corpus) {
        const Input input(corpus);
        const Result real = resolve(input.records, input.overrides);
        const Result plain = support::reference_resolve(input.records, input.overrides);
        if (real != plain)
          RC_LOG() << corpus << "real\n"
                   << testing::PrintToString(describe(real, input.records)) << "\nplain\n"
                   << testing::PrintToString(describe(plain, input.records)) << '\n';
        RC_ASSERT(real == plain);
      },
      20);
}

RC_GTEST_PROP(ResolveProperty, OrderAndRepeatsDoNotMatter, ()) {
  for_many_corpora([](const Corpus& corpus) {
    Corpus shuffled = corpus;
    const auto seed = *rc::gen::arbitrary<std::uint32_t>();
    std::mt19937 random(seed);
    std::shuffle(shuffled.entries.begin(), shuffled.entries.end(), random);
    std::shuffle(shuffled.decisions.begin(), shuffled.decisions.end(), random);
    for (Decision& decision : shuffled.decisions)
      if (random() % 2 == 0) std::swap(decision.a, decision.b);
    shuffled.decisions.insert(shuffled.decisions.end(), corpus.decisions.begin(), corpus.decisions.end());
    for (Entry& entry : shuffled.entries) {
      const std::vector<std::string> again = entry.claims;
      if (random() % 2 == 0) entry.claims.insert(entry.claims.end(), again.begin(), again.end());
      entry.claims.push_back(entry.own_id);
      std::shuffle(entry.claims.begin(), entry.claims.end(), random);
    }
    RC_ASSERT(describe(shuffled) == describe(corpus));
  });
}

bool is_anchor(const Corpus& corpus, std::string_view id) {
  return advisory::is_cve(id) &&
         std::none_of(corpus.entries.begin(), corpus.entries.end(),
                      [id](const Entry& entry) { return entry.cve_rejected && entry.own_id == id; });
}

RC_GTEST_PROP(ResolveProperty, NoGroupHoldsTwoAnchors, ()) {
  for_many_corpora([](const Corpus& corpus) {
    const Input input(corpus);
    for (const Group& group : resolve(input.records, input.overrides).groups) {
      const auto anchors = std::count_if(group.ids.begin(), group.ids.end(),
                                         [&](std::string_view id) { return is_anchor(corpus, id); });
      RC_ASSERT(anchors <= 1);
      if (anchors == 1) RC_ASSERT(is_anchor(corpus, group.id));
    }
  });
}

RC_GTEST_PROP(ResolveProperty, EveryRecordIsInTheGroupOfItsOwnId, ()) {
  for_many_corpora([](const Corpus& corpus) {
    const Input input(corpus);
    const Result result = resolve(input.records, input.overrides);
    const auto groups = groups_by_id(result);
    std::size_t members = 0;
    for (std::uint32_t group = 0; group < result.groups.size(); ++group) {
      RC_ASSERT(!result.groups[group].records.empty());
      RC_ASSERT(groups.at(result.groups[group].id) == group);
      members += result.groups[group].records.size();
      for (const auto record : result.groups[group].records)
        RC_ASSERT(groups.at(input.records[record].own_id) == group);
    }
    RC_ASSERT(members == input.records.size());
  });
}

RC_GTEST_PROP(ResolveProperty, EveryIdNamedResolvesAndEveryClaimIsAccountedFor, ()) {
  for_many_corpora([](const Corpus& corpus) {
    const Input input(corpus);
    const Result result = resolve(input.records, input.overrides);
    const auto groups = groups_by_id(result);
    std::map<std::string_view, std::set<std::uint32_t>> shared;
    for (const Shared& each : result.shared) shared[each.id].insert(each.groups.begin(), each.groups.end());
    std::set<std::pair<std::uint32_t, std::string_view>> unfollowed;
    for (const Group& group : result.groups)
      for (const Unfollowed& claim : group.unfollowed)
        RC_ASSERT(unfollowed.emplace(claim.record, claim.id).second);
    std::size_t expected = 0;
    for (std::uint32_t record = 0; record < input.records.size(); ++record) {
      const std::uint32_t home = groups.at(input.records[record].own_id);
      const auto& claims = input.records[record].claims;
      for (const std::string_view id : std::set<std::string_view>(claims.begin(), claims.end())) {
        RC_ASSERT(groups.contains(id) != shared.contains(id));
        const bool followed = groups.contains(id) && groups.at(id) == home;
        RC_ASSERT(unfollowed.contains({record, id}) != followed);
        if (!followed) ++expected;
        if (!groups.contains(id)) RC_ASSERT(shared.at(id).contains(home));
      }
    }
    RC_ASSERT(unfollowed.size() == expected);
  });
}

RC_GTEST_PROP(ResolveProperty, ARetractedRecordMovesNoOther, ()) {
  for_many_corpora([](const Corpus& corpus) {
    Corpus live = corpus;
    std::erase_if(live.entries, [](const Entry& entry) { return entry.retracted && !entry.cve_rejected; });
    if (std::any_of(live.entries.begin(), live.entries.end(),
                    [](const Entry& entry) { return entry.cve_rejected; }))
      return;  // a rejection makes its id an ordinary one, and stays what it is
    const Input with(corpus);
    const Input without(live);
    const auto partition = [](const Result& result, const Input& input) {
      std::set<std::set<std::pair<Source, std::string_view>>> groups;
      for (const Group& group : result.groups) {
        std::set<std::pair<Source, std::string_view>> members;
        for (const auto record : group.records)
          if (!input.records[record].retracted)
            members.emplace(input.records[record].source, input.records[record].record_id);
        if (!members.empty()) groups.insert(members);
      }
      return groups;
    };
    RC_ASSERT(partition(resolve(with.records, with.overrides), with) ==
              partition(resolve(without.records, without.overrides), without));
  });
}

RC_GTEST_PROP(ResolveProperty, AnIdThatIsDeniedToAnAnchorIsNeverWithIt, ()) {
  for_many_corpora([](const Corpus& corpus) {
    const Input input(corpus);
    const Result result = resolve(input.records, input.overrides);
    const auto groups = groups_by_id(result);
    for (const auto& [a, b, allowed] : corpus.decisions) {
      if (allowed || is_anchor(corpus, a) == is_anchor(corpus, b) || !groups.contains(a) ||
          !groups.contains(b))
        continue;
      RC_ASSERT(groups.at(a) != groups.at(b));
    }
  });
}

// Gives every id of the corpus another name that sorts alike, so that two corpora have nothing in common.
Corpus renamed(Corpus corpus) {
  const auto rename = [](std::string& id) {
    if (advisory::is_cve(id))
      id.replace(4, 4, "2022");
    else if (advisory::is_ghsa(id))
      id.replace(10, 4, "zzzz");
    else
      id += "#";
  };
  for (Entry& entry : corpus.entries) {
    rename(entry.own_id);
    entry.record_id += "#";
    for (std::string& claim : entry.claims) rename(claim);
  }
  for (Decision& decision : corpus.decisions) {
    rename(decision.a);
    rename(decision.b);
  }
  return corpus;
}

RC_GTEST_PROP(ResolveProperty, DisjointCorporaDoNotConcernEachOther, ()) {
  for_many_corpora([](const Corpus& corpus) {
    const Corpus other = renamed(*any_corpus());
    Corpus both = corpus;
    both.entries.insert(both.entries.end(), other.entries.begin(), other.entries.end());
    both.decisions.insert(both.decisions.end(), other.decisions.begin(), other.decisions.end());
    std::vector<std::string> apart = describe(corpus);
    const std::vector<std::string> others = describe(other);
    apart.insert(apart.end(), others.begin(), others.end());
    std::vector<std::string> together = describe(both);
    std::sort(apart.begin(), apart.end());
    std::sort(together.begin(), together.end());
    RC_ASSERT(together == apart);
  });
}

// What the store keeps of a group must suffice to take a link back: resolve what is left, and nothing
// remembers.
RC_GTEST_PROP(ResolveProperty, RemovingAndAddingAgainGivesTheFirstResult, ()) {
  for_many_corpora([](const Corpus& corpus) {
    if (corpus.entries.empty()) return;
    const auto at = *rc::gen::inRange<std::size_t>(0, corpus.entries.size());
    Corpus changed = corpus;
    changed.entries.erase(changed.entries.begin() + static_cast<std::ptrdiff_t>(at));
    const Input input(changed);
    const Result without = resolve(input.records, input.overrides);
    RC_ASSERT(without == support::reference_resolve(input.records, input.overrides));
    changed.entries.push_back(corpus.entries[at]);
    RC_ASSERT(describe(changed) == describe(corpus));
  });
}

}  // namespace
}  // namespace resolve
