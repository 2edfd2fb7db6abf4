// A stop request ends what a connection is executing, instead of waiting for it.
#pragma once

#include <stop_token>

#include "pg/connection.hpp"

namespace pg {

/// While it lives, a stop request cancels the statement that `connection` is executing, whose thread then
/// gets Error with SQLSTATE 57014. Statements begun after the request run: ask the token before beginning
/// one.
class CancelOnStop {
 public:
  CancelOnStop(const Connection& connection, const std::stop_token& stop)
      : canceller_(connection.canceller()), callback_(stop, Cancel{&canceller_}) {}

 private:
  struct Cancel {
    const Canceller* canceller;
    void operator()() const noexcept { canceller->cancel(); }
  };

  Canceller canceller_;
  std::stop_callback<Cancel> callback_;
};

}  // namespace pg
