#include "http/receiver.hpp"

#include <string>

#include "base/ascii.hpp"

namespace http {
namespace {

constexpr std::size_t longest_error_body = std::size_t{64} << 10;

}  // namespace

std::size_t Receiver::header_callback(char* data, std::size_t size, std::size_t count, void* self) {
  static_cast<Receiver*>(self)->take_header({data, size * count});
  return size * count;
}

std::size_t Receiver::body_callback(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Receiver*>(self)->guarded_body({data, size * count}) ? size * count : 0;
}

int Receiver::status() const {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

void Receiver::show_header() {
  if (seen_header_ || !has_body_for_caller()) return;
  seen_header_ = true;
  if (attempt_.on_header) wanted_ = attempt_.on_header(status(), headers_);
}

void Receiver::take_header(std::string_view line) {
  // Each answer of a chain of redirects begins with its status line.
  if (line.starts_with("HTTP/")) return headers_.clear();
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  headers_.add(base::lowered(line.substr(0, colon)), base::trimmed(line.substr(colon + 1)));
}

bool Receiver::guarded_body(std::string_view bytes) {
  try {
    if (!has_body_for_caller()) {
      ignored_ += bytes.size();
      return ignored_ <= longest_error_body;
    }
    show_header();
    if (wanted_ && attempt_.on_body) attempt_.on_body(bytes);
    return wanted_;
  } catch (...) {
    error_ = std::current_exception();
    return false;
  }
}

}  // namespace http
