// Masks secrets in text that is shown to people: messages of the database library, of git and of HTTP quote
// the address they failed on.
#pragma once

#include <string>
#include <string_view>

namespace base {

/// `text` with the password of every URL (`scheme://user:PASSWORD@host`, and the whole user part of one
/// without a colon, which is where tokens stand), of every `password=` and `token=` parameter, and every
/// bearer token replaced by `***`.
std::string redact(std::string_view text);

}  // namespace base
