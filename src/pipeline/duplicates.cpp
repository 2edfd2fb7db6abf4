#include "pipeline/duplicates.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <variant>

#include "base/arena.hpp"
#include "base/format.hpp"
#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "parse/parse.hpp"

namespace pipeline {

namespace {

struct Copy {
  std::uint32_t candidate = 0;
  bool readable = false;
  advisory::Instant modified;
  std::size_t size = 0;
  std::string location;
  base::Fast128 content{};

  bool beats(const Copy& other) const {
    return std::tie(other.readable, other.modified, other.size, location, content, candidate) <
           std::tie(readable, modified, size, other.location, other.content, other.candidate);
  }
};

// Copies by their true record id: equal keys may be a collision of hashes.
std::map<std::string, std::vector<Copy>> read_copies(const std::vector<Outcome>& outcomes,
                                                     const fetch::Collection& collection,
                                                     advisory::Source source) {
  std::map<std::string, std::vector<Copy>> copies;
  const auto reader = collection.reader();
  base::Arena arena;
  for (const Outcome& outcome : outcomes) {
    arena.reset();
    Copy copy{outcome.candidate, false, {}, 0, collection.candidate(outcome.candidate).location, {}};
    const std::string_view bytes = reader->read(outcome.candidate);
    copy.size = bytes.size();
    copy.content = base::fast128(bytes);
    const parse::Parsed parsed = parse::parse(source, copy.location, bytes, arena, parse::Extent::identity);
    std::string record_id;
    if (const auto* advisory = std::get_if<advisory::Advisory>(&parsed)) {
      copy.readable = true;
      copy.modified = advisory->modified.value_or(advisory::Instant{});
      record_id = advisory->record_id;
    } else {
      record_id = std::get<parse::Refusal>(parsed).record_id;
      if (record_id.empty()) record_id = record_id_of(source, copy.location);
    }
    copies[record_id].push_back(std::move(copy));
  }
  return copies;
}

// A path may be longer than what PostgreSQL's indexes take.
std::string shortened(std::string_view name) {
  constexpr std::size_t longest = 512;
  if (name.size() <= longest) return std::string(name);
  return base::format("{}~{}", base::cut_utf8(name, longest), base::to_hex(base::fast128(name)));
}

}  // namespace

std::vector<std::uint32_t> losing_duplicates(std::vector<Outcome> outcomes,
                                             const fetch::Collection& collection, advisory::Source source) {
  std::sort(outcomes.begin(), outcomes.end(), [](const Outcome& a, const Outcome& b) {
    return std::tie(a.key, a.candidate) < std::tie(b.key, b.candidate);
  });
  std::vector<Outcome> suspects;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const bool same_as_before = i > 0 && outcomes[i - 1].key == outcomes[i].key;
    const bool same_as_next = i + 1 < outcomes.size() && outcomes[i + 1].key == outcomes[i].key;
    if (same_as_before || same_as_next) suspects.push_back(outcomes[i]);
  }
  if (suspects.empty()) return {};
  std::vector<std::uint32_t> losers;
  for (const auto& [record_id, copies] : read_copies(suspects, collection, source)) {
    const auto winner = std::max_element(copies.begin(), copies.end(),
                                         [](const Copy& a, const Copy& b) { return b.beats(a); });
    for (const Copy& copy : copies)
      if (copy.candidate != winner->candidate) losers.push_back(copy.candidate);
  }
  std::sort(losers.begin(), losers.end());
  return losers;
}

fetch::Accept accept_of(advisory::Source source) {
  return [source](std::string_view location, std::string_view bytes) -> std::optional<std::int64_t> {
    base::Arena arena;
    const parse::Parsed parsed = parse::parse(source, location, bytes, arena, parse::Extent::identity);
    const auto* const advisory = std::get_if<advisory::Advisory>(&parsed);
    if (advisory == nullptr) return std::nullopt;
    return advisory->modified ? advisory::to_microseconds(*advisory->modified) : fetch::Versions::none;
  };
}

std::string record_id_of(advisory::Source source, std::string_view location) {
  if (source == advisory::Source::gitlab) return shortened(location);
  if (const auto slash = location.rfind('/'); slash != std::string_view::npos)
    location.remove_prefix(slash + 1);
  if (location.ends_with(".json")) location.remove_suffix(5);
  return shortened(location);
}

}  // namespace pipeline
