// Says once that Redis is away, and once that it is back.
#pragma once

#include "base/log.hpp"
#include "redis/error.hpp"

namespace jobs {

/// For one thread of the worker, which `who` names.
class RedisTrouble {
 public:
  explicit RedisTrouble(const char* who) : who_(who) {}
  void is_away(const redis::Error& error) {
    if (!away_) base::log::warn("the queue cannot be reached", {{"thread", who_}, {"cause", error.what()}});
    away_ = true;
  }
  void is_back() {
    if (away_) base::log::info("the queue can be reached again", {{"thread", who_}});
    away_ = false;
  }

 private:
  const char* who_;
  bool away_ = false;
};

}  // namespace jobs
