#include "fetch/overlay.hpp"

#include <algorithm>
#include <compare>
#include <functional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/hash.hpp"

namespace fetch {
namespace {

struct Place {
  std::uint32_t piece = 0;
  std::uint32_t index = 0;
  auto operator<=>(const Place&) const = default;
};

Candidate candidate_at(const Pieces& pieces, const CopyRules& rules, Place place) {
  Candidate candidate = pieces[place.piece]->candidate(place.index);
  const std::string_view id = rules.id_of(candidate.location);
  if (place.piece > 0 && rules.location_of && !id.empty()) candidate.location = rules.location_of(id);
  return candidate;
}

/// Lets a map with texts for keys be asked by a view.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

class OverlayReader : public Reader {
 public:
  OverlayReader(const Pieces& pieces, const std::vector<Place>& places) : places_(places) {
    for (const auto& piece : pieces) readers_.push_back(piece->reader());
  }
  std::string_view read(std::size_t index) override {
    return readers_[places_[index].piece]->read(places_[index].index);
  }
  std::optional<base::Fast128> packed_hash(std::size_t index) override {
    return readers_[places_[index].piece]->packed_hash(places_[index].index);
  }

 private:
  const std::vector<Place>& places_;
  std::vector<std::unique_ptr<Reader>> readers_;
};

class Overlay : public Collection {
 public:
  Overlay(Pieces pieces, std::vector<Place> places, CopyRules rules)
      : pieces_(std::move(pieces)), places_(std::move(places)), rules_(std::move(rules)) {}

  std::size_t size() const override { return places_.size(); }
  Candidate candidate(std::size_t index) const override {
    return candidate_at(pieces_, rules_, places_[index]);
  }
  std::unique_ptr<Reader> reader() const override {
    return std::make_unique<OverlayReader>(pieces_, places_);
  }
  const std::vector<std::string>& removed() const override { return removed_; }

 private:
  Pieces pieces_;
  std::vector<Place> places_;
  CopyRules rules_;
  std::vector<std::string> removed_;  // none ever
};

struct Copy {
  Place place;
  bool readable = true;
  std::int64_t version = Versions::none;
  std::size_t size = 0;
  base::Fast128 content{};
};

/// Finds the copies of each id that stands in a later piece.
class Chooser {
 public:
  Chooser(const Pieces& pieces, const CopyRules& rules) : pieces_(pieces), rules_(rules) {
    for (std::size_t piece = 1; piece < pieces.size(); ++piece)
      weigh(piece, [](std::string_view) { return true; });
    if (!copies_.empty()) weigh(0, [this](std::string_view id) { return copies_.contains(id); });
  }

  std::vector<Place> places(const std::vector<bool>& is_new) const {
    std::vector<Place> places;
    for (std::size_t piece = 0; piece < pieces_.size(); ++piece) {
      if (!is_new[piece]) continue;
      pieces_[piece]->for_each_name([&](std::size_t index, std::string_view name) {
        if (copies_.empty() || !copies_.contains(rules_.id_of(name))) places.push_back(place(piece, index));
      });
    }
    const auto alone = static_cast<std::ptrdiff_t>(places.size());
    for (const auto& [id, copies] : copies_) add_news(copies, is_new, places);
    std::sort(places.begin() + alone, places.end());
    std::inplace_merge(places.begin(), places.begin() + alone, places.end());
    return places;
  }

 private:
  static Place place(std::size_t piece, std::size_t index) {
    return {static_cast<std::uint32_t>(piece), static_cast<std::uint32_t>(index)};
  }

  template <class Wanted>
  void weigh(std::size_t piece, const Wanted& wanted) {
    const auto reader = pieces_[piece]->reader();
    pieces_[piece]->for_each_name([&](std::size_t index, std::string_view name) {
      const std::string_view id = rules_.id_of(name);
      if (id.empty() || !wanted(id)) return;
      const Place where = place(piece, index);
      const std::string_view bytes = reader->read(index);
      const auto version = rules_.accept ? rules_.accept(location(where), bytes) : std::nullopt;
      copies_[std::string(id)].push_back({.place = where,
                                          .readable = version || !rules_.accept,
                                          .version = version ? *version : rules_.version_of(bytes),
                                          .size = bytes.size(),
                                          .content = base::fast128(bytes)});
    });
  }

  std::string location(Place where) const { return candidate_at(pieces_, rules_, where).location; }

  bool beats(const Copy& a, const Copy& b) const {
    if (a.version != b.version) return a.version > b.version;
    if (a.size != b.size) return a.size > b.size;
    const std::string one = location(a.place);
    const std::string other = location(b.place);
    return std::tie(one, a.content, a.place) < std::tie(other, b.content, b.place);
  }

  // The copy that counts, and those that cannot be read of which it cannot be said that it replaced them.
  std::vector<Place> choose(std::vector<Copy> copies) const {
    std::sort(copies.begin(), copies.end(), [this](const Copy& a, const Copy& b) { return beats(a, b); });
    const auto best =
        std::find_if(copies.begin(), copies.end(), [](const Copy& copy) { return copy.readable; });
    if (best == copies.end()) return {copies.front().place};
    std::vector<Place> chosen;
    for (auto copy = copies.begin(); copy != copies.end(); ++copy)
      if (copy <= best || (!copy->readable && copy->version == Versions::none)) chosen.push_back(copy->place);
    return chosen;
  }

  // Who knows the other pieces knows the best of their copies, unless a new one may be taken for better.
  void add_news(const std::vector<Copy>& copies, const std::vector<bool>& is_new,
                std::vector<Place>& places) const {
    const auto is_news = [&](Place where) { return is_new[where.piece]; };
    if (std::none_of(copies.begin(), copies.end(), [&](const Copy& copy) { return is_news(copy.place); }))
      return;
    const std::vector<Place> chosen = choose(copies);
    if (chosen.size() > 1 || is_news(chosen.front()))
      places.insert(places.end(), chosen.begin(), chosen.end());
  }

  const Pieces& pieces_;
  const CopyRules& rules_;
  std::unordered_map<std::string, std::vector<Copy>, TextHash, std::equal_to<>> copies_;
};

}  // namespace

std::unique_ptr<const Collection> overlay(Pieces pieces, const CopyRules& rules) {
  const std::vector<bool> all(pieces.size(), true);
  return overlay(std::move(pieces), all, rules);
}

std::unique_ptr<const Collection> overlay(Pieces pieces, const std::vector<bool>& is_new,
                                          const CopyRules& rules) {
  std::vector<Place> places = Chooser(pieces, rules).places(is_new);
  return std::make_unique<Overlay>(std::move(pieces), std::move(places), rules);
}

}  // namespace fetch
