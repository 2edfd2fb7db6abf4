// What goes wrong between this program and a web server.
#pragma once

#include <string>

#include "base/error.hpp"

namespace http {

/// A request that failed, after all its retries. The message names the address and the reason.
class Error : public base::Error {
 public:
  enum class Retry { no, yes };

  explicit Error(const std::string& message, int status = 0, Retry retry = Retry::no)
      : base::Error(message), status_(status), retry_(retry) {}

  /// The status of the answer (RFC 9110, section 15), or 0 when the failure was none of a status: no
  /// connection, a broken body, a wrong checksum, too many bytes, an interruption.
  int status() const { return status_; }
  /// Whether the same request may succeed in a while without anybody doing anything.
  bool retryable() const { return retry_ == Retry::yes; }

 private:
  int status_;
  Retry retry_;
};

}  // namespace http
