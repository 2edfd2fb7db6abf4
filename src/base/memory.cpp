#include "base/memory.hpp"

#include <malloc.h>

#include <algorithm>
#include <thread>

namespace base {

void share_freed_memory() {
#ifdef __GLIBC__
  ::mallopt(M_ARENA_MAX, static_cast<int>(std::max(2U, std::thread::hardware_concurrency())));
#endif
}

void release_freed_memory() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace base
