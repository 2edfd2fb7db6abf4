// Where a service listens.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace cli {

/// "127.0.0.1:8080", "[::1]:8080", ":8080" (every address) as host, without brackets, and port. Throws
/// UsageError.
std::pair<std::string, int> parse_listen_address(std::string_view text);

}  // namespace cli
