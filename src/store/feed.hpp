// What is kept of the change feed.
#pragma once

#include <cstdint>

#include "store/generated/service.hpp"

namespace store {

/// Whether some change after this cursor is not kept any more.
inline bool is_too_old(const sql::FeedPositionRow& feed, std::int64_t after) {
  return after < feed.value && (!feed.oldest || *feed.oldest > after + 1);
}

}  // namespace store
