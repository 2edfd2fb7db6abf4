#include "parse/cve_references.hpp"

#include <algorithm>

#include "parse/type_check.hpp"
#include "parse/uri.hpp"

namespace parse {

namespace {

using base::json::Member;
using base::json::ObjectBuilder;
using base::json::Value;

struct TagType {
  std::string_view tag;
  std::size_t rank;
};

// By rank: of several tags the one that says most about what is behind the URL decides.
constexpr std::string_view types[] = {"FIX", "ADVISORY", "REPORT", "EVIDENCE", "ARTICLE", "PACKAGE", "WEB"};
constexpr std::size_t web = std::size(types) - 1;

constexpr TagType tag_types[] = {{"patch", 0},     {"vendor-advisory", 1},       {"third-party-advisory", 1},
                                 {"vdb-entry", 1}, {"government-resource", 1},   {"issue-tracking", 2},
                                 {"exploit", 3},   {"technical-description", 4}, {"media-coverage", 4},
                                 {"product", 5}};

std::size_t rank_of(std::string_view tag) {
  for (const TagType& each : tag_types)
    if (each.tag == tag) return each.rank;
  return web;
}

}  // namespace

void CveReferences::add(std::span<const Value> list) {
  for (const Value& each : list) {
    const std::string_view url = member(each, "url").text();
    const auto [place, is_new] = index_.try_emplace(url, known_.size());
    if (is_new) {
      const std::string_view uri = as_uri(url, arena_);
      known_.push_back({uri, web});
      names_.emplace(place->second, url);
      if (uri != url || url.empty()) misfits_.add("references", each);
    }
    Known& known = known_[place->second];
    for (const Value& tag : member(each, "tags").items())
      known.rank = std::min(known.rank, rank_of(tag.text()));
    add_rest(each, place->second, !is_new);
  }
}

std::vector<Value> CveReferences::new_tags(const Value& tags, std::size_t place, bool is_copy) {
  std::vector<Value> result;
  for (const Value& tag : tags.items()) {
    if (is_copy && tag.text() == "x_transferred") continue;
    if (tags_.emplace(place, tag.text()).second) result.push_back(tag);
  }
  return result;
}

void CveReferences::add_rest(const Value& reference, std::size_t place, bool is_copy) {
  ObjectBuilder builder(arena_);
  for (const Member& each : reference.members()) {
    if (each.key == "url" || each.value.is_empty()) continue;
    if (each.key == "name") {
      if (names_.emplace(place, each.value.text()).second) builder.add("name", each.value);
    } else if (each.key == "tags") {
      const std::vector<Value> tags = new_tags(each.value, place, is_copy);
      if (!tags.empty()) builder.add("tags", base::json::make_array(arena_, tags));
    } else {
      builder.add(each.key, each.value);
    }
  }
  if (!builder.empty()) rest_.push_back(builder.add_unless_empty("url", member(reference, "url")).finish());
}

std::vector<advisory::Reference> CveReferences::references() const {
  std::vector<advisory::Reference> out;
  out.reserve(known_.size());
  for (const Known& each : known_)
    if (!each.uri.empty()) out.push_back({types[each.rank], each.uri});
  return out;
}

Value CveReferences::rest() const {
  return rest_.empty() ? Value() : base::json::make_array(arena_, rest_);
}

}  // namespace parse
