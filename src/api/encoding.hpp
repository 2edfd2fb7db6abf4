// Content coding of answers (RFC 9110, 8.4 and 12.5.3).
#pragma once

#include <string_view>

#include "api/message.hpp"

namespace api {

enum class Coding { identity, gzip, zstd };

/// The coding that an Accept-Encoding field prefers among ours; zstd where it leaves the choice.
Coding choose_coding(std::string_view accept);

/// Compresses the answer where the client accepts that and it is worth it, and says so: Content-Encoding,
/// Vary, and an ETag of its own.
void encode(const Request& request, Response& response);

}  // namespace api
