// Percent codes of URLs (RFC 3986, 2.1).
#pragma once

#include <string>
#include <string_view>

namespace base {

/// `text` with every %XX as its byte; a '%' that begins none stays as it is.
std::string percent_decoded(std::string_view text);

}  // namespace base
