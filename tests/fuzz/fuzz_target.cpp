#include "fuzz/fuzz_target.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "base/log.hpp"

namespace fuzz {

std::map<std::string_view, Target>& targets() {
  static std::map<std::string_view, Target> all;
  return all;
}

void require(bool holds, std::string_view what) {
  if (holds) return;
#ifdef VDS_FUZZ_PROGRAM
  std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
#else
  throw std::logic_error(std::string(what));
#endif
}

}  // namespace fuzz

#ifdef VDS_FUZZ_PROGRAM
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  base::log::configure(base::log::Level::off, base::log::Format::text);
  return 0;
}
#endif
