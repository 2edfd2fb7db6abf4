// Identifiers that nobody else makes.
#pragma once

#include <string>

namespace base {

/// A random UUID (RFC 4122, version 4) in lower case: "f81d4fae-7dec-4bd0-a765-00a0c91e6bf6".
std::string random_uuid();

}  // namespace base
