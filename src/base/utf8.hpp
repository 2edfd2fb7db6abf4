// UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace base {

bool is_valid_utf8(std::string_view text);

/// The beginning of `text`, valid UTF-8, of `longest` bytes at most, without a part of a character.
std::string_view cut_utf8(std::string_view text, std::size_t longest);

/// `text` with U+FFFD in place of every byte that is not part of a character.
std::string to_valid_utf8(std::string_view text);

}  // namespace base
