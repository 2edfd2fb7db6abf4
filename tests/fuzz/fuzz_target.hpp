// One function per decoder that takes any bytes. In the fuzz build (preset fuzz) each file is a libFuzzer
// program; in the unit tests all of them stand in one table, and fuzz_seeds_test.cpp runs them on their seeds
// and on damaged copies of these.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>

namespace fuzz {

using Target = void (*)(std::string_view bytes);

/// The targets by their names. Empty in a fuzz program.
std::map<std::string_view, Target>& targets();

/// What a target says must hold. Ends a fuzz program, and throws in the tests.
void require(bool holds, std::string_view what);

}  // namespace fuzz

#ifdef VDS_FUZZ_PROGRAM
#define FUZZ_TARGET(name)                                                             \
  static void target_##name(std::string_view bytes);                                  \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    target_##name(std::string_view(reinterpret_cast<const char*>(data), size));       \
    return 0;                                                                         \
  }                                                                                   \
  static void target_##name(std::string_view bytes)
#else
#define FUZZ_TARGET(name)                                     \
  static void target_##name(std::string_view bytes);          \
  [[maybe_unused]] static const bool registered_##name =      \
      ::fuzz::targets().emplace(#name, target_##name).second; \
  static void target_##name(std::string_view bytes)
#endif
