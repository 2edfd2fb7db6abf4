// Content coding of answers (RFC 9110, 8.4 and 12.5.3).
#pragma once

#include <string_view>

#include "api/message.hpp"

namespace api {

enum class Coding { identity, gzip, zstd };

/// The coding among ours that an Accept-Encoding field gives the highest q; zstd where it leaves the choice.
Coding choose_coding(std::string_view accept);

/// The coding in which an answer is to be sent, where the client accepts one and it is worth it. Says so in
/// Vary and an ETag of its own, which are those of a 304 in its place too: so it comes before conditions.
Coding negotiate(const Request& request, Response& response);

/// Compresses the answer, where it has not become a 304, and says so in Content-Encoding.
void encode(Coding coding, Response& response);

}  // namespace api
