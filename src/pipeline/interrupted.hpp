#pragma once

#include "base/error.hpp"

namespace pipeline {

/// A stop was requested; what was committed stays, and the next run goes on from there.
class Interrupted : public base::Error {
 public:
  Interrupted() : Error("interrupted: what was committed stays, the next run goes on from there") {}
};

}  // namespace pipeline
