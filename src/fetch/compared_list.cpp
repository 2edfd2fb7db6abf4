#include "fetch/compared_list.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "base/log.hpp"

namespace fetch {
namespace {

// Looking up more one by one takes longer than reading all.
constexpr std::size_t most_looked_up = 50'000;

std::string title(const std::string& fingerprint) {
  return "vuln-datasync compared list 1 " + base::to_hex(base::fast128(fingerprint));
}

}  // namespace

std::shared_ptr<ModifiedList> ComparedList::read(bool whole) {
  auto list = whole ? nullptr : read_differing();
  return list != nullptr ? list : read_whole();
}

std::shared_ptr<ModifiedList> ComparedList::read_whole() {
  std::vector<LineMark> marks;
  auto list = std::make_shared<ModifiedList>(ModifiedList::read(File(file_), {.marks = &marks}));
  marks_ = base::HashSet(std::move(marks));
  if (request_.for_each_stored)
    request_.for_each_stored([&](std::string_view id, std::int64_t modified) { list->hold(id, modified); });
  return list;
}

// Nothing where the list that was kept does not tell what is stored. Both sets are gone through in their
// order: looking up a million lines one by one takes longer than reading them twice.
std::shared_ptr<ModifiedList> ComparedList::read_differing() {
  if (!request_.for_some_stored || !request_.count_stored) return nullptr;
  const auto kept = base::HashSet::load(kept_file(), title(request_.known_fingerprint));
  if (kept.size() == 0) return nullptr;
  const base::HashSet none;
  std::vector<LineMark> marks;
  ModifiedList::read(File(file_), {.only = &none, .marks = &marks});
  const std::size_t lines = marks.size();
  marks_ = base::HashSet(std::move(marks));
  std::vector<LineMark> differing;
  std::ranges::set_difference(marks_.hashes(), kept.hashes(), std::back_inserter(differing));
  if (differing.size() > most_looked_up) return nullptr;
  const base::HashSet only(std::move(differing));
  std::vector<LineMark> good;
  auto list =
      std::make_shared<ModifiedList>(ModifiedList::read(File(file_), {.only = &only, .marks = &good}));
  if (good.size() != lines) marks_ = base::HashSet(std::move(good));
  std::vector<std::string> ids;
  for (std::size_t index = 0; index < list->size(); ++index) ids.emplace_back(list->id(index));
  request_.for_some_stored(ids,
                           [&](std::string_view id, std::int64_t modified) { list->hold(id, modified); });
  return list->hold_others(request_.count_stored(), listed_records()) ? list : nullptr;
}

// Lines about one record have marks that begin alike.
std::size_t ComparedList::listed_records() const {
  std::size_t count = 0;
  LineMark last{};
  for (const LineMark& mark : marks_.hashes()) {
    if (count == 0 || !is_same_record(mark, last)) ++count;
    last = mark;
  }
  return count;
}

void ComparedList::remember(const std::string& fingerprint) const {
  if (request_.dry_run || !request_.for_some_stored) return;
  try {
    marks_.save(kept_file(), title(fingerprint));
  } catch (const base::Error& error) {
    base::log::warn("the list of records cannot be kept, the next one is compared with all that is stored",
                    {{"cause", error.what()}});
  }
}

}  // namespace fetch
