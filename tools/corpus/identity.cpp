#include "corpus/identity.hpp"

#include <algorithm>

#include "advisory/identifier.hpp"
#include "base/ascii.hpp"
#include "base/hash.hpp"

namespace corpus {
namespace {

constexpr std::size_t number_width = 8;

// The letters of GHSA ids (https://github.com/github/advisory-database, README).
std::string copy_of_ghsa(std::string_view id, std::uint64_t copy) {
  constexpr std::string_view letters = "23456789cfghjmpqrvwx";
  std::string result = "GHSA";
  std::uint64_t left = mix(id, copy, 0);
  for (int i = 0; i < 12; ++i) {
    if (i % 4 == 0) result += '-';
    result += letters[left % letters.size()];
    left /= letters.size();
  }
  return result;
}

}  // namespace

std::uint64_t mix(std::string_view text, std::uint64_t a, std::uint64_t b) {
  std::string key = std::to_string(a) + ' ' + std::to_string(b) + ' ';
  key += text;
  return base::fast64(key);
}

std::string copy_of_id(std::string_view id, std::uint64_t copy) {
  if (copy == 0) return std::string(id);
  if (advisory::is_ghsa(id)) return copy_of_ghsa(id, copy);
  const auto last = std::find_if(id.rbegin(), id.rend(), base::is_digit);
  if (last == id.rend()) return std::string(id) + '-' + std::to_string(copy);
  const auto before = std::find_if_not(last, id.rend(), base::is_digit);
  const auto end = static_cast<std::size_t>(id.rend() - last);
  const auto begin = static_cast<std::size_t>(id.rend() - before);
  std::string result(id.substr(0, begin));
  result += std::to_string(copy);
  result.append(number_width - std::min(number_width, end - begin), '0');
  result += id.substr(begin);
  return result;
}

std::string copy_of_hex(std::string_view text, std::uint64_t copy) {
  std::string result;
  for (std::uint64_t part = 0; result.size() < text.size(); ++part) {
    std::uint64_t left = mix(text, copy, part);
    for (int i = 0; i < 16 && result.size() < text.size(); ++i, left >>= 4U)
      result += "0123456789abcdef"[left & 15U];
  }
  return result;
}

std::string copy_of_uuid(std::string_view uuid, std::uint64_t copy) {
  if (copy == 0) return std::string(uuid);
  std::string result = copy_of_hex(uuid, copy);
  for (std::size_t i = 0; i < uuid.size(); ++i)
    if (uuid[i] == '-') result[i] = '-';
  return result;
}

std::string cve_path(std::string_view id) {
  const std::size_t number = id.rfind('-') + 1;
  const std::string_view thousands =
      id.substr(number, id.size() - number - std::min<std::size_t>(3, id.size() - number));
  std::string result = "cves/";
  result += id.substr(4, 4);
  result += '/';
  result += thousands.empty() ? std::string_view("0") : thousands;
  result += "xxx/";
  result += id;
  return result += ".json";
}

}  // namespace corpus
