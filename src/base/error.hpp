// The root of every typed exception the program throws for infrastructure failures.
//
// A message names what failed, on what, why, and what to do next, in one or two lines. Rooms derive their own
// types (pg::Error, fetch::Error, ...) that carry what a caller may act on. A bad record is never an
// exception: it is a value (parse::Refusal).
#pragma once

#include <stdexcept>

namespace base {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace base
