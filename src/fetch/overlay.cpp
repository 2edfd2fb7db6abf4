#include "fetch/overlay.hpp"

#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

namespace fetch {
namespace {

struct Place {
  std::uint32_t piece = 0;
  std::uint32_t index = 0;
};

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
    const Place place = places_[index];
    Candidate candidate = pieces_[place.piece]->candidate(place.index);
    const std::string_view id = rules_.id_of(candidate.location);
    if (place.piece > 0 && rules_.location_of && !id.empty()) candidate.location = rules_.location_of(id);
    return candidate;
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

/// Finds the best copy of each id that stands in a later piece.
class Chooser {
 public:
  Chooser(const Pieces& pieces, const CopyRules& rules) : pieces_(pieces), rules_(rules) {
    for (std::size_t piece = 1; piece < pieces.size(); ++piece)
      weigh(piece, [](std::string_view) { return true; });
    if (!best_.empty()) weigh(0, [this](std::string_view id) { return best_.contains(id); });
  }

  std::vector<Place> places(const std::vector<bool>& is_new) const {
    std::vector<Place> places;
    for (std::size_t piece = 0; piece < pieces_.size(); ++piece) {
      if (!is_new[piece]) continue;
      pieces_[piece]->for_each_name([&](std::size_t index, std::string_view name) {
        if (is_chosen(piece, index, name)) places.push_back(place(piece, index));
      });
    }
    return places;
  }

 private:
  struct Best {
    std::int64_t version = Versions::none;
    Place place;
  };

  static Place place(std::size_t piece, std::size_t index) {
    return {static_cast<std::uint32_t>(piece), static_cast<std::uint32_t>(index)};
  }

  template <class Wanted>
  void weigh(std::size_t piece, const Wanted& wanted) {
    const auto reader = pieces_[piece]->reader();
    pieces_[piece]->for_each_name([&](std::size_t index, std::string_view name) {
      const std::string_view id = rules_.id_of(name);
      if (id.empty() || !wanted(id)) return;
      const std::int64_t version = rules_.version_of(reader->read(index));
      const auto [found, is_new] = best_.try_emplace(std::string(id), Best{version, place(piece, index)});
      // The first piece is weighed last, and loses where it is not newer.
      const bool better = piece == 0 ? version > found->second.version : version >= found->second.version;
      if (!is_new && better) found->second = {version, place(piece, index)};
    });
  }

  bool is_chosen(std::size_t piece, std::size_t index, std::string_view name) const {
    if (best_.empty()) return true;
    const auto found = best_.find(rules_.id_of(name));
    if (found == best_.end()) return true;
    return found->second.place.piece == piece && found->second.place.index == index;
  }

  const Pieces& pieces_;
  const CopyRules& rules_;
  std::unordered_map<std::string, Best, TextHash, std::equal_to<>> best_;
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
