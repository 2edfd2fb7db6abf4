// URLs as the OSV JSON schema wants them: `format: uri`, which is RFC 3986.
#pragma once

#include <string_view>

#include "base/arena.hpp"

namespace parse {

/// `url` as a URI: itself where it is one; otherwise, when it has a scheme, with the characters that must not
/// stand there percent-encoded (RFC 3986 section 2.1; for characters beyond ASCII RFC 3987 section 3.1), in
/// `arena`; and "" when it has no scheme, because nothing says what it is.
std::string_view as_uri(std::string_view url, base::Arena& arena);

}  // namespace parse
