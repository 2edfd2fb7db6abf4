// Status line and fields of an answer, as they are sent.
#pragma once

#include <string>

#include "api/message.hpp"

namespace api {

/// Ends with the empty line. Content-Length is that of a GET's body, also for HEAD.
std::string response_head(const Response& response, bool closes);

/// The same before server-sent events, which have no length: chunks, or for HTTP/1.0 until the end.
std::string event_stream_head(const Response& response, bool is_http_1_0);

}  // namespace api
