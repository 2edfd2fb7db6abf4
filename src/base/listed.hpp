// Items of an enumeration in a sentence.
#pragma once

#include <iterator>
#include <string>
#include <string_view>

namespace base {

/// What `to_string` calls the items, with `last` before the last of them: "osv, gitlab or cve".
template <typename Items>
std::string listed(const Items& items, std::string_view last) {
  std::string text;
  std::size_t left = std::size(items);
  for (const auto item : items) {
    --left;
    if (!text.empty()) text += left > 0 ? ", " : " " + std::string(last) + " ";
    text += to_string(item);
  }
  return text;
}

}  // namespace base
