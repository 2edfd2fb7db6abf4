// What a user did wrong.
#pragma once

#include "base/error.hpp"

namespace cli {

/// An option, a configuration key or a value that cannot be used: exit status 2. The message names it.
class UsageError : public base::Error {
 public:
  using Error::Error;
};

}  // namespace cli
