#include "api/response_head.hpp"

#include <array>
#include <ctime>

#include "base/format.hpp"

namespace api {

namespace {

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7), made once a second per thread.
const std::string& date() {
  thread_local std::time_t made_at = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now == made_at && !text.empty()) return text;
  made_at = now;
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 40> buffer{};
  const std::size_t size = std::strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  text.assign(buffer.data(), size);
  return text;
}

std::string begin(const Response& response) {
  std::string head =
      base::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason_phrase(response.status), date());
  for (const auto& [name, value] : response.fields)
    head.append(name).append(": ").append(value).append("\r\n");
  // Our JSON and files are never a page or a script of this origin.
  head += "X-Content-Type-Options: nosniff\r\n";
  return head;
}

}  // namespace

std::string response_head(const Response& response, bool closes) {
  std::string head = begin(response);
  if (response.status != 204 && response.status != 304)
    head += base::format("Content-Length: {}\r\n",
                         response.file ? response.file->size : response.content().size());
  head += closes ? "Connection: close\r\n\r\n" : "\r\n";
  return head;
}

std::string event_stream_head(const Response& response, bool is_http_1_0) {
  std::string head = begin(response);
  head += "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\nConnection: close\r\n";
  head += is_http_1_0 ? "\r\n" : "Transfer-Encoding: chunked\r\n\r\n";
  return head;
}

}  // namespace api
