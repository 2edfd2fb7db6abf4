#include "redis/settings.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.hpp"
#include "base/format.hpp"
#include "base/percent.hpp"

namespace redis {

namespace {

[[noreturn]] void refuse(std::string_view why) {
  throw base::Error(
      base::format("the address of Redis cannot be read: {}; it is redis://, rediss://, "
                   "unix:PATH or HOST:PORT",
                   why));
}

std::optional<int> number(std::string_view text, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > most)
    return std::nullopt;
  return value;
}

std::string decoded(std::string_view text) {
  auto result = base::strictly_percent_decoded(text);
  if (!result) refuse("a percent sign is not followed by two hexadecimal digits");
  return std::move(*result);
}

// Cuts `text` at the first `mark`; what follows it is returned.
std::optional<std::string_view> cut(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(at + 1);
  text = text.substr(0, at);
  return rest;
}

void read_host(std::string_view text, Settings& settings) {
  std::optional<std::string_view> port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) refuse("an IPv6 address has no closing bracket");
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) refuse("there is text between the address and its port");
    if (!rest.empty()) port = rest.substr(1);
    text = text.substr(1, end - 1);
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    port = cut(text, ':');
  }
  if (port) {
    const auto value = number(*port, 65535);
    if (!value || *value == 0) refuse("its port is not a number from 1 to 65535");
    settings.port = *value;
  }
  settings.host = text.empty() ? "127.0.0.1" : decoded(text);
}

int read_database(std::string_view text) {
  const auto value = number(text, 1'000'000);
  if (!value) refuse("its database is not a number");
  return *value;
}

void read_parameters(std::string_view text, Settings& settings) {
  while (!text.empty()) {
    std::string_view one = text;
    text = cut(one, '&').value_or(std::string_view());
    const std::string_view value = cut(one, '=').value_or(std::string_view());
    if (one == "db")
      settings.database = read_database(value);
    else if (one == "cacert" && settings.tls)
      settings.ca_file = decoded(value);
    else
      refuse(base::format("the parameter '{}' is unknown", one));
  }
}

void read_user(std::string_view text, Settings& settings) {
  const auto password = cut(text, ':');
  settings.user = decoded(text);
  // redis://WORD@host: redis-cli takes it as the user, most libraries do so too.
  if (password) settings.password = decoded(*password);
}

Settings read_url(std::string_view text, bool tls) {
  Settings settings;
  settings.tls = tls;
  if (text.find('#') != std::string_view::npos) refuse("there is a '#' in it, which has to be written %23");
  if (const auto parameters = cut(text, '?')) read_parameters(*parameters, settings);
  std::string_view path;
  const std::size_t slash = text.rfind('/');
  const std::size_t at = text.rfind('@');
  if (slash != std::string_view::npos && (at == std::string_view::npos || slash > at)) {
    path = text.substr(slash + 1);
    text = text.substr(0, slash);
  }
  if (!path.empty()) settings.database = read_database(path);
  if (at != std::string_view::npos) {
    read_user(text.substr(0, at), settings);
    text = text.substr(at + 1);
  }
  read_host(text, settings);
  return settings;
}

Settings read_socket(std::string_view text) {
  Settings settings;
  if (text.starts_with("//")) text.remove_prefix(2);
  if (const auto parameters = cut(text, '?')) read_parameters(*parameters, settings);
  if (const std::size_t at = text.find('@'); at != std::string_view::npos && !text.starts_with('/')) {
    read_user(text.substr(0, at), settings);
    text = text.substr(at + 1);
  }
  settings.socket = decoded(text);
  if (settings.socket.empty()) refuse("no path follows unix:");
  return settings;
}

}  // namespace

std::string Settings::name() const {
  if (!socket.empty()) return "Redis at " + socket.string();
  const bool brackets = host.find(':') != std::string::npos;
  return base::format("Redis at {}{}{}:{}", brackets ? "[" : "", host, brackets ? "]" : "", port);
}

Settings parse_address(std::string_view text) {
  if (text.starts_with("redis://")) return read_url(text.substr(8), false);
  if (text.starts_with("rediss://")) return read_url(text.substr(9), true);
  if (text.starts_with("unix:")) return read_socket(text.substr(5));
  if (text.starts_with('/')) return read_socket(text);
  if (text.empty()) refuse("it is empty");
  if (text.find("://") != std::string_view::npos) refuse("its scheme is none of these");
  if (text.find_first_of("/@ ") != std::string_view::npos) refuse("it is no host and port");
  Settings settings;
  read_host(text, settings);
  return settings;
}

}  // namespace redis
