// What goes wrong with the servers we run ourselves.
#pragma once

#include "base/error.hpp"

namespace embedded {

/// An embedded server could not be made, started, found or stopped. The message says why, in the server's own
/// last words where it had any, and what to do.
class Error : public base::Error {
 public:
  using base::Error::Error;
};

}  // namespace embedded
