// gzip (RFC 1952), for HTTP.
#pragma once

#include <string>
#include <string_view>

namespace base {

/// `bytes` as one gzip member, compressed for speed. The same bytes give the same result. Throws Error when
/// there is no memory.
std::string gzip(std::string_view bytes);

}  // namespace base
