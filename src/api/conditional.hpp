// Conditions and ranges of requests (RFC 9110, sections 13 and 14).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "api/message.hpp"

namespace api {

/// Whether an If-None-Match field names `etag`, compared weakly; "*" names every one. The suffix that
/// negotiate() puts into an ETag for a compressed answer does not count.
bool names_etag(std::string_view field, std::string_view etag);

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// The one range that a Range field asks of `size` bytes. Nothing for anything but one range of bytes, which
/// is then no range request; a range that holds no byte has size 0.
std::optional<ByteRange> parse_range(std::string_view field, std::uint64_t size);

/// Makes `response` a 304 where the client has it already, and a 206 or 416 where it asks for a part of a
/// file.
void evaluate_conditions(const Request& request, Response& response);

}  // namespace api
