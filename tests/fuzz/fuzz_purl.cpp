// Any text as a package URL: none, or a canonical form that is read as itself. And any two texts, split at a
// line end, as ecosystem and name: no package URL, or a valid one.
#include "advisory/package.hpp"
#include "advisory/purl.hpp"
#include "base/utf8.hpp"
#include "fuzz/fuzz_target.hpp"

FUZZ_TARGET(purl) {
  // Texts come out of JSON and YAML trees and addresses, which hold neither of these.
  if (!base::is_valid_utf8(bytes) || bytes.find('\0') != std::string_view::npos) return;
  base::Arena arena;
  if (const auto canonical = advisory::versionless_purl(bytes, arena))
    fuzz::require(advisory::versionless_purl(*canonical, arena) == canonical, "a canonical form is stable");
  const std::size_t end = bytes.find('\n');
  if (end == std::string_view::npos) return;
  const auto ecosystem = bytes.substr(0, end);
  const auto name = bytes.substr(end + 1);
  const auto built = advisory::package_purl(ecosystem, name, arena);
  if (!built.empty())
    fuzz::require(advisory::versionless_purl(built, arena) == built, "what is built is canonical");
}
