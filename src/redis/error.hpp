// What goes wrong with Redis.
#pragma once

#include <string>
#include <utility>

#include "base/error.hpp"

namespace redis {

/// A server that cannot be reached, a connection that was lost, or an error reply. Messages name the server.
class Error : public base::Error {
 public:
  /// `code` is the first word of an error reply (OOM, NOSCRIPT, WRONGPASS, ...); empty when there was none.
  explicit Error(const std::string& message, std::string code = {})
      : base::Error(message), code_(std::move(code)) {}

  const std::string& code() const { return code_; }
  /// Nobody knows whether the server has done what it was asked for.
  bool connection_lost() const { return code_.empty(); }

 private:
  std::string code_;
};

}  // namespace redis
