// What libcurl calls back with the header and the body of one answer. Nothing outside this room includes
// this.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <exception>
#include <string_view>
#include <utility>

#include "http/transfer.hpp"

namespace http {

/// The bytes that arrive, on their way from libcurl's callbacks to the caller's. An exception must not pass
/// through libcurl: it waits here.
class Receiver {
 public:
  /// Both must outlive it.
  Receiver(const Attempt& attempt, CURL* easy) : attempt_(attempt), easy_(easy) {}

  static std::size_t header_callback(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t body_callback(char* data, std::size_t size, std::size_t count, void* self);

  int status() const;
  bool has_body_for_caller() const { return status() == 200 || status() == 206; }
  bool ended_by_caller() const { return seen_header_ && !wanted_; }
  std::exception_ptr error() const { return error_; }
  Headers take_headers() { return std::move(headers_); }

  /// For an answer without a body, which never reached the body callback.
  void show_header();

 private:
  void take_header(std::string_view line);
  bool guarded_body(std::string_view bytes);

  const Attempt& attempt_;
  CURL* easy_;
  Headers headers_;
  std::exception_ptr error_;
  std::size_t ignored_ = 0;
  bool seen_header_ = false;
  bool wanted_ = true;
};

}  // namespace http
