#include "merge/provenance.hpp"

#include <algorithm>
#include <string>

namespace merge {

void Provenance::add(std::string_view path, std::string_view from) {
  if (!from.empty()) paths_.add(path, from);
}

void Provenance::add_list(std::string_view path, std::span<const std::string_view> from) {
  std::size_t first = 0;
  while (first < from.size()) {
    std::size_t end = first + 1;
    while (end < from.size() && from[end] == from[first]) ++end;
    const bool whole = first == 0 && end == from.size();
    add(whole ? path : run(path, first, end - 1), from[first]);
    first = end;
  }
}

std::string_view Provenance::run(std::string_view path, std::size_t first, std::size_t last,
                                 std::string_view below) {
  std::string text(path);
  text += '[' + std::to_string(first);
  if (last > first) text += '-' + std::to_string(last);
  text += ']';
  text += below;
  return arena_.copy(text);
}

}  // namespace merge
