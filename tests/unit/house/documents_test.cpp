// Holds the documents against the tree and the program: links lead to files, and the make targets, commands,
// options, settings and tests that are named exist.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/help.hpp"
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

// What stands between backquotes, and the lines of blocks of shell, where the program is called.
std::vector<std::string> code_of(const std::string& text) {
  std::vector<std::string> code;
  std::istringstream lines(text);
  std::string fence;
  for (std::string line; std::getline(lines, line);) {
    const bool has_call =
        line.find("vuln-datasync ") != std::string::npos || line.find("vds ") != std::string::npos;
    if (line.starts_with("```")) {
      fence = fence.empty() ? line : "";
    } else if (!has_call) {
      continue;
    } else if (fence == "```sh") {
      code.push_back(line.substr(0, line.find(" #")));
    } else if (fence.empty()) {
      for (const std::string& span : matches(line, "`([^`]+)`")) code.push_back(span);
    }
  }
  return code;
}

// The words after the program's name, up to the end of the command.
std::vector<std::vector<std::string>> commands_in(const std::string& code) {
  static const std::regex call("(?:^|-- |[;&|(] *|\\S/)(?:vuln-datasync|vds) ([^|;&)]*)");
  std::vector<std::vector<std::string>> commands;
  for (auto it = std::sregex_iterator(code.begin(), code.end(), call); it != std::sregex_iterator(); ++it) {
    std::istringstream words((*it)[1]);
    commands.emplace_back();
    for (std::string word; words >> word;) commands.back().push_back(word);
  }
  return commands;
}

// What is wrong with it, or "".
std::string complaint_about(const std::vector<std::string>& words) {
  const auto& all = support::help_of_all_commands();
  std::string command;
  bool is_value = false;
  for (const std::string& word : words) {
    const auto& help = all.at(command);
    const std::string deeper = command.empty() ? word : command + " " + word;
    if (word.starts_with("--")) {
      const std::string option = word.substr(0, word.find_first_of("=`,\"'"));
      if (!help.options.contains(option) && !all.at("").options.contains(option))
        return "'" + command + "' has no " + option;
      is_value = true;
    } else if (help.subcommands.contains(word)) {
      command = deeper;
      is_value = false;
    } else if (!help.subcommands.empty() && !is_value &&
               word.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos) {
      return "there is no command '" + deeper + "'";
    }
    if (command == "database psql") return "";  // the rest is psql's
  }
  return "";
}

TEST(Documents, CommandsAndOptionsExist) {
  int commands = 0;
  for (const fs::path& file : documents())
    for (const std::string& code : code_of(text_of(file)))
      for (const std::vector<std::string>& words : commands_in(code)) {
        ++commands;
        EXPECT_EQ(complaint_about(words), "") << file << ": " << code;
      }
  EXPECT_GT(commands, 40);
  EXPECT_EQ(complaint_about({"--json", "exports", "verify", "latest", "--files"}), "");
  EXPECT_EQ(complaint_about({"sync", "--sources", "osv"}), "'sync' has no --sources");
  EXPECT_EQ(complaint_about({"exports", "check"}), "there is no command 'exports check'");
}

TEST(Documents, TheReadmeNamesEveryCommand) {
  const std::string readme = text_of(root / "README.md");
  for (const std::string& command : support::help_of_all_commands().at("").subcommands)
    EXPECT_FALSE(matches(readme, "`(" + command + ")[ `]").empty()) << command;
}

TEST(Documents, TestsThatAreNamedExist) {
  std::string sources;
  for (const auto& entry : fs::recursive_directory_iterator(root / "tests"))
    if (entry.path().extension() == ".cpp") sources += text_of(entry.path());
  const std::set<std::string> named =
      matches(text_of(root / "docs/security.md"), "`([A-Z]\\w+\\.[A-Z]\\w+)`");
  EXPECT_GT(named.size(), 30U);
  for (const std::string& test : named) {
    const std::string head = test.substr(0, test.find('.')) + ", " + test.substr(test.find('.') + 1) + ")";
    EXPECT_NE(sources.find("(" + head), std::string::npos) << test;
  }
}

TEST(Documents, ConfigurationListsEverySettingWithItsDefault) {
  std::set<std::string> settings =
      matches(text_of(root / "src/cli/variables.cpp"), "Variable\\{\"([A-Z_]+)\"");
  settings.erase("DATA_DIR");
  settings.insert({"VULN_DATASYNC_DATA_DIR", "API_TOKENS_FILE"});
  std::istringstream lines(text_of(root / "docs/configuration.md"));
  std::set<std::string> listed;
  std::map<std::string, std::string> rows;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    for (const std::string& name : matches(line.substr(0, line.find(" | ")), "`([A-Z_]+)`")) {
      listed.insert(name);
      rows[name] = line;
    }
  }
  EXPECT_EQ(listed, settings);
  const std::string example = text_of(root / ".env.example");
  const std::regex with_default("\n#([A-Z_]+)=\"?([^\n\"]+)");
  for (auto it = std::sregex_iterator(example.begin(), example.end(), with_default);
       it != std::sregex_iterator(); ++it) {
    if ((*it)[1] == "DATABASE_URL") continue;  // which shows a form, not a default
    EXPECT_NE(rows[(*it)[1]].find("`" + (*it)[2].str() + "`"), std::string::npos) << (*it)[0];
  }
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
