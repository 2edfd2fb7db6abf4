// References of a CVE record: every container has its own list, and most repeat URLs of another.
#pragma once

#include <set>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "advisory/advisory.hpp"
#include "base/arena.hpp"
#include "base/json.hpp"
#include "parse/normalize.hpp"

namespace parse {

/// Takes the lists of all containers, CNA first. A URL stands once; its type follows from all tags it has in
/// any container. What a reference says beyond URL and type (its tags and name above all) is kept beside the
/// URL. Two things are not, because they only say that the URL is repeated: a name that is the URL or stood
/// before, and the tag `x_transferred` on a copy (the CVE Program Container copied all references of older
/// records in July 2024).
class CveReferences {
 public:
  CveReferences(base::Arena& arena, Misfits& misfits) : arena_(arena), misfits_(misfits) {}

  /// `list` holds objects whose `url`, `name` and `tags` have the right types.
  void add(std::span<const base::json::Value> list);

  /// In the order in which the URLs came.
  std::vector<advisory::Reference> references() const;
  /// Array of {url, ...} of everything beyond URL and type, or null.
  base::json::Value rest() const;

 private:
  struct Known {
    std::string_view uri;
    std::size_t rank;
  };
  std::vector<base::json::Value> new_tags(const base::json::Value& tags, std::size_t place, bool is_copy);
  void add_rest(const base::json::Value& reference, std::size_t place, bool is_copy);

  base::Arena& arena_;
  Misfits& misfits_;
  std::vector<Known> known_;
  std::unordered_map<std::string_view, std::size_t> index_;  // by URL, into known_
  // What was said already of each URL, by its place in known_. Sets, because a hostile record repeats one URL
  // a hundred thousand times.
  std::set<std::pair<std::size_t, std::string_view>> names_;
  std::set<std::pair<std::size_t, std::string_view>> tags_;
  std::vector<base::json::Value> rest_;
};

}  // namespace parse
