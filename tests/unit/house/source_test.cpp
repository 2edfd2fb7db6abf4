// What no file of the program may do.
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "support/paths.hpp"

namespace house {
namespace {

namespace fs = std::filesystem;

// Whether `text` calls the function of that name: no longer name ends with it.
bool calls(const std::string& text, const std::string& function) {
  for (std::size_t at = text.find(function + "("); at != std::string::npos;
       at = text.find(function + "(", at + 1))
    if (at == 0 || (std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0 && text[at - 1] != '_'))
      return true;
  return false;
}

// A shell would read data as commands; and only base/process leaves no descriptors and no zombies.
TEST(Source, StartsProgramsInOnePlaceAndWithoutAShell) {
  const fs::path source = fs::path(VDS_SOURCE_DIR) / "src";
  std::vector<std::string> starters;
  for (const auto& entry : fs::recursive_directory_iterator(source)) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (const char* shell : {"system", "popen", "wordexp"}) EXPECT_FALSE(calls(text, shell)) << entry.path();
    EXPECT_EQ(text.find("/bin/sh"), std::string::npos) << entry.path();
    for (const char* start : {"fork", "vfork", "posix_spawn", "posix_spawnp", "execl", "execlp", "execv",
                              "execvp", "execve", "execvpe", "fexecve"})
      if (calls(text, start))
        starters.push_back(entry.path().lexically_relative(source).string() + " " + start);
  }
  EXPECT_EQ(starters, (std::vector<std::string>{"base/process.cpp fork", "base/process.cpp execve"}));
}

}  // namespace
}  // namespace house
