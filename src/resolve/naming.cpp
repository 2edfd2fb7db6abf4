#include "resolve/naming.hpp"

#include <algorithm>

#include "advisory/identifier.hpp"

namespace resolve {

namespace {

using Pair = std::pair<IdNumber, IdNumber>;

// A text and where its number is to be written.
struct Mention {
  std::string_view text;
  std::uint32_t place;
};

// The mentions of record after record, its own id first, then two of each override.
std::vector<Mention> collect(std::span<const Record> records, std::span<const Override> overrides,
                             std::vector<std::uint32_t>& first) {
  std::size_t count = 2 * overrides.size();
  for (const Record& record : records) count += 1 + record.claims.size();
  std::vector<Mention> mentions;
  mentions.reserve(count);
  const auto add = [&mentions](std::string_view text) {
    mentions.push_back({text, static_cast<std::uint32_t>(mentions.size())});
  };
  first.reserve(records.size() + 1);
  for (const Record& record : records) {
    first.push_back(static_cast<std::uint32_t>(mentions.size()));
    add(record.own_id);
    for (const std::string_view claim : record.claims) add(claim);
  }
  first.push_back(static_cast<std::uint32_t>(mentions.size()));
  for (const Override& override : overrides) {
    add(override.a);
    add(override.b);
  }
  return mentions;
}

// Fills `ids`; the result is the number of each mention, by its place.
std::vector<IdNumber> number(std::vector<Mention>& mentions, std::vector<std::string_view>& ids) {
  std::sort(mentions.begin(), mentions.end(),
            [](const Mention& x, const Mention& y) { return x.text < y.text; });
  ids.reserve(mentions.size());
  std::vector<IdNumber> numbers(mentions.size());
  for (const Mention& mention : mentions) {
    if (ids.empty() || ids.back() != mention.text) ids.push_back(mention.text);
    numbers[mention.place] = static_cast<IdNumber>(ids.size() - 1);
  }
  return numbers;
}

// Sorts the numbers of each record, drops repeats, and closes the gaps that this leaves.
void take_names(Naming& naming, std::vector<IdNumber>& numbers, std::size_t records) {
  naming.own.reserve(records);
  naming.names.reserve(naming.first[records]);
  for (std::size_t record = 0; record < records; ++record) {
    const auto begin = numbers.begin() + naming.first[record];
    const auto end = numbers.begin() + naming.first[record + 1];
    naming.own.push_back(*begin);
    naming.first[record] = static_cast<std::uint32_t>(naming.names.size());
    std::sort(begin, end);
    for (auto at = begin; at != end; ++at)
      if (at == begin || *at != *(at - 1)) naming.names.push_back({*at, false});
  }
  naming.first[records] = static_cast<std::uint32_t>(naming.names.size());
}

void find_anchors(Naming& naming, std::span<const Record> records) {
  naming.anchor.reserve(naming.ids.size());
  for (const std::string_view id : naming.ids) naming.anchor.push_back(advisory::is_cve(id) ? 1 : 0);
  for (std::size_t record = 0; record < records.size(); ++record)
    if (records[record].cve_rejected && records[record].source == advisory::Source::cve)
      naming.anchor[naming.own[record]] = 0;
}

void take_overrides(Naming& naming, std::span<const Override> overrides, std::span<const IdNumber> numbers) {
  for (std::size_t i = 0; i < overrides.size(); ++i) {
    const Pair pair{numbers[2 * i], numbers[2 * i + 1]};
    if (pair.first != pair.second)
      (overrides[i].allow ? naming.allowed : naming.denied)
          .emplace_back(std::minmax(pair.first, pair.second));
  }
  std::sort(naming.denied.begin(), naming.denied.end());
  std::erase_if(naming.allowed, [&naming](const Pair& pair) {
    return std::binary_search(naming.denied.begin(), naming.denied.end(), pair);
  });
}

// Of a denied pair a record does not name the id that is not its own; where neither is, not the one that is
// no anchor, or neither of two that are none.
void strike_out(Naming& naming, std::size_t records) {
  // Both directions, so that the partners of an id stand together.
  std::vector<Pair> partners = naming.denied;
  for (const auto& [a, b] : naming.denied) partners.emplace_back(b, a);
  std::sort(partners.begin(), partners.end());
  for (std::size_t record = 0; record < records; ++record) {
    const std::span<Name> names(naming.names.data() + naming.first[record],
                                naming.names.data() + naming.first[record + 1]);
    for (Name& name : names) {
      if (name.id == naming.own[record]) continue;
      auto partner = std::lower_bound(partners.begin(), partners.end(), Pair{name.id, 0});
      for (; partner != partners.end() && partner->first == name.id && !name.denied; ++partner) {
        const bool named = std::binary_search(names.begin(), names.end(), Name{partner->second, false},
                                              [](const Name& x, const Name& y) { return x.id < y.id; });
        name.denied = named && (partner->second == naming.own[record] || naming.anchor[name.id] == 0);
      }
    }
  }
}

}  // namespace

Naming number_ids(std::span<const Record> records, std::span<const Override> overrides) {
  Naming naming;
  std::vector<Mention> mentions = collect(records, overrides, naming.first);
  std::vector<IdNumber> numbers = number(mentions, naming.ids);
  const std::uint32_t of_overrides = naming.first.back();
  take_names(naming, numbers, records.size());
  find_anchors(naming, records);
  take_overrides(naming, overrides, std::span(numbers).subspan(of_overrides));
  if (!naming.denied.empty()) strike_out(naming, records.size());
  return naming;
}

}  // namespace resolve
