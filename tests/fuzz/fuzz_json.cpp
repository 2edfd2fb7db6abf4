// Any bytes as JSON: an error that lies inside the text, or a value whose canonical text is read as the same
// value and written as the same text, indented or not.
#include <string>

#include "base/json.hpp"
#include "fuzz/fuzz_target.hpp"

FUZZ_TARGET(json) {
  base::Arena arena;
  const base::json::Parsed parsed = base::json::parse(bytes, arena);
  if (parsed.error) {
    fuzz::require(parsed.error->offset <= bytes.size(), "an error is in the text");
    return;
  }
  const std::string canonical = base::json::write(parsed.value);
  const base::json::Parsed again = base::json::parse(canonical, arena);
  fuzz::require(!again.error && !again.sanitized, "canonical text is JSON");
  fuzz::require(again.value == parsed.value, "canonical text is the same value");
  fuzz::require(base::json::write(again.value) == canonical, "canonical text is canonical");
  std::string pretty;
  base::json::write_pretty(parsed.value, pretty);
  const base::json::Parsed indented = base::json::parse(pretty, arena);
  fuzz::require(!indented.error && indented.value == parsed.value, "indented text is the same value");
}
