// The checksums of Google Cloud Storage (https://cloud.google.com/storage/docs/xml-api/reference-headers,
// "x-goog-hash").
#include "http/client.hpp"

namespace http {
namespace {

// The value of a base64 digit (RFC 4648, section 4), or 64.
std::uint32_t digit(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : 64;
}

}  // namespace

// Four bytes are six digits, of which the last holds four zero bits, and two signs of padding.
std::optional<std::uint32_t> crc32c_from_base64(std::string_view text) {
  constexpr std::size_t digits = 6;
  if (text.size() != digits + 2 || !text.ends_with("==")) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text.substr(0, digits)) {
    if (digit(c) == 64) return std::nullopt;
    value = value << 6 | digit(c);
  }
  if ((value & 0xF) != 0) return std::nullopt;
  return static_cast<std::uint32_t>(value >> 4);
}

std::optional<std::uint32_t> crc32c_of_hash_field(std::string_view field) {
  constexpr std::string_view name = "crc32c=";
  const std::size_t at = field.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  field.remove_prefix(at + name.size());
  return crc32c_from_base64(field.substr(0, field.find_first_of(", ")));
}

std::optional<std::uint32_t> promised_crc32c(const Headers& headers) {
  const std::string& encoding = headers.get("x-goog-stored-content-encoding");
  if (!encoding.empty() && encoding != "identity") return std::nullopt;
  return crc32c_of_hash_field(headers.get("x-goog-hash"));
}

}  // namespace http
