// Any bytes as a GitLab advisory: an Advisory or a refusal, never a crash, and the same one every time.
#include <cstdint>
#include <cstdlib>

#include "base/arena.hpp"
#include "parse/parse.hpp"

namespace {

base::Sha256 content(const parse::Parsed& parsed) {
  const auto* advisory = std::get_if<advisory::Advisory>(&parsed);
  return advisory == nullptr ? base::Sha256{} : advisory->content_sha256;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  base::Arena arena;
  const parse::Parsed first = parse::parse_gitlab("", bytes, arena);
  const parse::Parsed second = parse::parse_gitlab("", bytes, arena);
  if (first.index() != second.index() || content(first) != content(second)) std::abort();
  return 0;
}
