// Asks an HTTP server on this machine, a connection for each request.
#pragma once

#include <functional>
#include <string>

namespace support {

/// Sends `bytes` as they are, and reads until the server closes the connection; "no connection" where nobody
/// listens. `heard`, if given, is told all that has come so far, whenever there is more.
std::string send_bytes(int port, const std::string& bytes,
                       const std::function<void(const std::string& so_far)>& heard = {});

/// The whole answer, head and body, once the server has closed the connection; "no connection" where nobody
/// listens. `fields` are header lines, each with its line end.
std::string http_exchange(int port, const std::string& method, const std::string& target,
                          const std::string& body = {}, const std::string& fields = {});

/// What follows the head of an answer.
std::string body_of(const std::string& answer);

/// A member of the answer's object, as JSON text, or "absent".
std::string json_member(const std::string& answer, std::string_view name);

}  // namespace support
