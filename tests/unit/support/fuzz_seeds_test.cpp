// Runs every fuzz target on its seeds, and on damaged copies of each: cut off, with a byte changed, with a
// piece left out or doubled. What `make fuzz` finds becomes a seed.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/log.hpp"
#include "fuzz/fuzz_target.hpp"
#include "support/paths.hpp"

namespace fuzz {
namespace {

namespace fs = std::filesystem;

const fs::path seeds = fs::path(VDS_SOURCE_DIR) / "tests" / "fuzz" / "seeds";

class Quiet {
 public:
  Quiet() { base::log::configure(base::log::Level::off, base::log::Format::text); }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
  ~Quiet() { base::log::configure(base::log::Level::info, base::log::Format::text); }
};

std::vector<fs::path> seeds_of(std::string_view target) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(seeds / target)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// At most a few hundred copies, at places spread over the text.
std::vector<std::string> damaged(const std::string& text) {
  std::vector<std::string> copies;
  const std::size_t step = std::max<std::size_t>(1, text.size() / 60);
  for (std::size_t at = 0; at < text.size(); at += step) {
    copies.push_back(text.substr(0, at));
    for (const char byte : {'\0', '\xff', '"', '['}) {
      copies.push_back(text);
      copies.back()[at] = byte;
    }
    copies.push_back(text.substr(0, at) + text.substr(std::min(text.size(), at + step)));
    copies.push_back(text.substr(0, at + 1) + text.substr(at));
  }
  return copies;
}

void run(Target target, const std::string& bytes) {
  try {
    target(bytes);
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what() << ":\n" << bytes.substr(0, 2000);
  }
}

TEST(FuzzSeeds, EveryTargetHasSeedsAndTakesThemAndDamagedCopies) {
  const Quiet quiet;
  ASSERT_GE(targets().size(), 20U);
  for (const auto& [name, target] : targets()) {
    ASSERT_TRUE(fs::is_directory(seeds / name)) << name;
    const std::vector<fs::path> files = seeds_of(name);
    EXPECT_FALSE(files.empty()) << name;
    for (const fs::path& file : files) {
      SCOPED_TRACE(file.string());
      const std::string text = base::read_file(file);
      run(target, text);
      for (const std::string& copy : damaged(text)) run(target, copy);
    }
  }
  for (const auto& entry : fs::directory_iterator(seeds))
    EXPECT_EQ(targets().count(entry.path().filename().string()), 1U) << entry.path();
}

}  // namespace
}  // namespace fuzz
