// Holds the documents against the tree: links lead to files, and the make targets that are named exist.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "support/paths.hpp"

namespace house {
namespace {

namespace fs = std::filesystem;

const fs::path root = VDS_SOURCE_DIR;

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The Markdown files of the project: those at its top and those below docs/ and samples/.
std::vector<fs::path> documents() {
  std::vector<fs::path> files;
  const auto take = [&files](const fs::directory_entry& entry) {
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  };
  for (const auto& entry : fs::directory_iterator(root)) take(entry);
  for (const char* folder : {"docs", "samples"}) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) take(entry);
  }
  return files;
}

// The first group of every match of `pattern` in `text`.
std::set<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), regex); it != std::sregex_iterator(); ++it) {
    found.insert((*it)[1]);
  }
  return found;
}

TEST(Documents, LinksLeadToFiles) {
  for (const fs::path& file : documents()) {
    for (const std::string& link : matches(text_of(file), "\\]\\(([^)#]+)(?:#[^)]*)?\\)")) {
      if (link.find("://") != std::string::npos) continue;
      EXPECT_TRUE(fs::exists(file.parent_path() / link)) << file << " links to " << link;
    }
  }
}

TEST(Documents, MakeTargetsExist) {
  const std::set<std::string> targets = matches(text_of(root / "Makefile"), "\n([a-z-]+):[^=]");
  ASSERT_EQ(targets.count("demo"), 1U);
  for (const fs::path& file : documents()) {
    for (const std::string& target : matches(text_of(file), "[`\n]make ([a-z-]+)")) {
      EXPECT_EQ(targets.count(target), 1U) << file << " names make " << target;
    }
  }
}

TEST(Documents, EveryTargetIsPhonyAndHasAHelpLine) {
  const std::string makefile = text_of(root / "Makefile");
  const std::set<std::string> targets = matches(makefile, "\n([a-z-]+):[^=]");
  const std::set<std::string> with_help = matches(makefile, "\n([a-z-]+):[^\n]*## ");
  std::smatch phony;
  ASSERT_TRUE(std::regex_search(makefile, phony, std::regex("\\.PHONY:((?:[^\n]*\\\\\n)*[^\n]*)")));
  const std::string phony_list = phony[1];
  for (const std::string& target : targets) {
    if (target != "build-tests") {  // the one that only others call
      EXPECT_EQ(with_help.count(target), 1U) << target;
    }
    EXPECT_EQ(matches(phony_list, "\\b(" + target + ")(?![a-z-])").count(target), 1U) << target;
  }
}

}  // namespace
}  // namespace house
