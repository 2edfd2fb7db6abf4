#include "support/golden.hpp"
#include "support/paths.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace support {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void check_golden_files(const fs::path& folder, const std::string& extension, std::size_t at_least,
                        const std::function<std::string(const std::string&)>& answer) {
  const fs::path absolute = fs::path(VDS_SOURCE_DIR) / folder;
  const bool update = std::getenv("VDS_UPDATE_GOLDEN") != nullptr;
  std::size_t inputs = 0;
  for (const auto& each : fs::directory_iterator(absolute)) {
    const fs::path& path = each.path();
    fs::path expected = path;
    expected.replace_extension(".expected");
    if (path.extension() == ".expected") {
      fs::path input = path;
      EXPECT_TRUE(fs::exists(input.replace_extension(extension))) << path << " has no input";
    }
    if (path.extension() != extension) continue;
    ++inputs;
    SCOPED_TRACE(path.filename().string());
    const std::string actual = answer(read_file(path));
    if (update)
      std::ofstream(expected, std::ios::binary) << actual;
    else
      EXPECT_EQ(actual, read_file(expected));
  }
  EXPECT_GE(inputs, at_least) << absolute;
}

}  // namespace support
