#include "cli/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace cli {

std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;  // the usual one
  const rlimit raised{limit.rlim_max, limit.rlim_max};
  return ::setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

std::size_t connections_that_fit(std::uint64_t descriptors, int pool, std::size_t wanted) {
  constexpr std::uint64_t others = 200;  // Redis, the worker's archives and files, the log, downloads
  constexpr std::uint64_t fewest = 64;
  const std::uint64_t taken = others + static_cast<std::uint64_t>(pool);
  const std::uint64_t left = descriptors > taken ? descriptors - taken : 0;
  return std::min<std::uint64_t>(wanted, std::max(left, fewest));
}

}  // namespace cli
