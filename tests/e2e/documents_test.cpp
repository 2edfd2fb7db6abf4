// Runs some of what documents tell people to type, against the sample: the SQL blocks of three of them, and
// the lines of README's shell blocks that begin with `vds`.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "support/paths.hpp"
#include "support/program.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path source = VDS_SOURCE_DIR;

// The fenced blocks of that language.
std::vector<std::string> blocks(const std::string& document, const std::string& language) {
  std::vector<std::string> found;
  std::istringstream lines(base::read_file(source / document));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      inside = !inside && line == "```" + language;
      if (inside) found.emplace_back();
    } else if (inside) {
      found.back() += line + "\n";
    }
  }
  return found;
}

std::vector<std::string> words_of(std::string line) {
  line.resize(std::min(line.size(), line.find(" #")));
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

class DocumentedCommands : public testing::Test {
 protected:
  void SetUp() override {
    const fs::path mirror = fs::path(VDS_PROGRAM).parent_path() / "sample-mirror";
    ASSERT_TRUE(fs::exists(mirror)) << "build the target `sample`";
    const base::RunResult result = program_.run({"sync", "--quiet", "--mirror", mirror.string()});
    ASSERT_EQ(result.status.code, 0) << result.error;
  }

  support::Program program_;
};

TEST_F(DocumentedCommands, EverySqlBlockRuns) {
  program_.run({"database", "start"});
  int run = 0;
  for (const char* document : {"README.md", "docs/data-model.md", "docs/snapshots.md"}) {
    for (const std::string& sql : blocks(document, "sql")) {
      const base::RunResult result =
          program_.run({"database", "psql", "-XAt", "-v", "ON_ERROR_STOP=1", "-f", "-"}, sql);
      EXPECT_EQ(result.status.code, 0) << document << ":\n" << sql << result.error;
      ++run;
    }
  }
  EXPECT_GE(run, 14);
}

TEST_F(DocumentedCommands, TheReadmesCommandsRun) {
  int run = 0;
  for (const std::string& block : blocks("README.md", "sh")) {
    std::istringstream lines(block);
    for (std::string line; std::getline(lines, line);) {
      std::vector<std::string> words = words_of(line);
      if (words.empty() || words.front() != "vds") continue;
      words.erase(words.begin());
      const base::RunResult result = program_.run(words);
      EXPECT_EQ(result.status.code, 0) << line << "\n" << result.error;
      ++run;
    }
  }
  EXPECT_GE(run, 4);
}

}  // namespace
