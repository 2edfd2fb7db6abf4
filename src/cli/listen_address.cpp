#include "cli/listen_address.hpp"

#include <charconv>

#include "cli/error.hpp"

namespace cli {

std::pair<std::string, int> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const std::string_view digits =
      colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  int port = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool is_port = !digits.empty() && error == std::errc() && end == digits.data() + digits.size() &&
                       port >= 0 && port <= 65535;
  std::string_view host = text.substr(0, colon == std::string_view::npos ? 0 : colon);
  const bool has_brackets = host.starts_with('[') && host.ends_with(']');
  if (has_brackets) host = host.substr(1, host.size() - 2);
  const bool is_bare_ipv6 = !has_brackets && host.find(':') != std::string_view::npos;
  if (!is_port || is_bare_ipv6)
    throw UsageError("--listen is '" + std::string(text) +
                     "', which is not HOST:PORT (127.0.0.1:8080, [::1]:8080, :8080)");
  return {host.empty() ? "0.0.0.0" : std::string(host), port};
}

}  // namespace cli
