// Any bytes as modified_id.csv: a list whose every record is found and changed, the same in pieces of any
// size; or refused with fetch::Error.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "fetch/error.hpp"
#include "fetch/modified_list.hpp"

namespace {

std::optional<fetch::ModifiedList> read(std::string_view text, std::size_t piece) {
  fetch::ModifiedListReader reader("modified_id.csv");
  try {
    for (; text.size() > piece; text.remove_prefix(piece)) reader.feed(text.substr(0, piece));
    reader.feed(text);
    return reader.finish();
  } catch (const fetch::Error&) {
    return std::nullopt;
  }
}

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool quiet = (base::log::configure(base::log::Level::off, base::log::Format::text), true);
  static_cast<void>(quiet);
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto whole = read(text, text.size() + 1);
  const auto pieces = read(text, data[0] % 32 + std::size_t{1});
  check(whole.has_value() == pieces.has_value());
  if (!whole) return 0;
  check(whole->size() == pieces->size() && whole->size() > 0);
  check(whole->changed().size() == whole->size());
  for (std::size_t i = 0; i < whole->size(); ++i) {
    check(!whole->id(i).empty() && whole->id(i).find('/') == std::string_view::npos);
    check(!whole->directory(i).empty());
    check(whole->find(whole->id(i)) == i);
    check(pieces->id(i) == whole->id(i) && pieces->modified(i) == whole->modified(i));
    check(pieces->directory(i) == whole->directory(i));
  }
  return 0;
}
