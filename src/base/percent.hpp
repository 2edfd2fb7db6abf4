// Percent codes of URLs (RFC 3986, 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace base {

/// `text` with every %XX as its byte; a '%' that begins none stays as it is.
std::string percent_decoded(std::string_view text);

/// The same; nothing where a '%' begins no code.
std::optional<std::string> strictly_percent_decoded(std::string_view text);

/// `text` with every byte as %XX but letters, digits, -._~ (RFC 3986, 2.3) and those of `kept`.
std::string percent_encoded(std::string_view text, std::string_view kept = {});

/// The code of one byte, at the end of `out`.
void append_percent_code(char byte, std::string& out);

}  // namespace base
