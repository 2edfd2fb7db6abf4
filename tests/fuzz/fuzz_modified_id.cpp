// Any bytes as modified_id.csv: a list whose every record is found and changed, the same in pieces of any
// size; or refused with fetch::Error.
#include <optional>
#include <string>
#include <string_view>

#include "fetch/error.hpp"
#include "fetch/modified_list.hpp"
#include "fuzz/fuzz_target.hpp"

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

}  // namespace

FUZZ_TARGET(modified_id) {
  if (bytes.empty()) return;
  const std::string_view text = bytes.substr(1);
  const auto whole = read(text, text.size() + 1);
  const auto pieces = read(text, static_cast<unsigned char>(bytes.front()) % 32 + std::size_t{1});
  fuzz::require(whole.has_value() == pieces.has_value(), "a list in pieces is the same list");
  if (!whole) return;
  fuzz::require(whole->size() == pieces->size() && whole->size() > 0, "a list in pieces is the same list");
  fuzz::require(whole->changed().size() == whole->size(), "a list in pieces is the same list");
  for (std::size_t i = 0; i < whole->size(); ++i) {
    fuzz::require(!whole->id(i).empty() && whole->id(i).find('/') == std::string_view::npos,
                  "a list in pieces is the same list");
    fuzz::require(!whole->directory(i).empty(), "a list in pieces is the same list");
    fuzz::require(whole->find(whole->id(i)) == i, "a list in pieces is the same list");
    fuzz::require(pieces->id(i) == whole->id(i) && pieces->modified(i) == whole->modified(i),
                  "a list in pieces is the same list");
    fuzz::require(pieces->directory(i) == whole->directory(i), "a list in pieces is the same list");
  }
}
