// Holds the manual pages against the program: man/vuln-datasync.1 has a section for each command and in it an
// entry for each option of its --help, and nothing else; man/vuln-datasync.toml.5 has an entry for each
// setting.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "support/help.hpp"
#include "support/paths.hpp"

namespace house {
namespace {

using Names = std::set<std::string>;

std::string text_of(const std::string& file) {
  std::ifstream in(std::string(VDS_SOURCE_DIR) + "/" + file);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  return std::regex_replace(text, std::regex("\\\\-"), "-");
}

// The first group of every match of `pattern` in `text`.
Names matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  Names found;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), regex); it != std::sregex_iterator(); ++it)
    found.insert((*it)[1]);
  return found;
}

// The text of each command's section; "" is what stands before the first, and after the last.
std::map<std::string, std::string> sections_of(const std::string& page) {
  std::map<std::string, std::string> sections;
  std::string section;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(".SS ")) section = line.substr(4);
    if (line.starts_with(".SH ")) section.clear();
    sections[section] += line + "\n";
  }
  return sections;
}

Names entries_of(const std::string& section) {
  return matches(section, "\\.TP\n[^\n]*?(--[a-z-]+)");
}

TEST(Manual, DescribesEveryCommandAndOption) {
  auto sections = sections_of(text_of("man/vuln-datasync.1"));
  for (const auto& [command, help] : support::help_of_all_commands()) {
    Names options = help.options;
    if (!command.empty()) options.erase("--help");
    if (command == "database psql") options.clear();  // which repeats the global ones
    if (!help.subcommands.empty() && !command.empty()) {
      EXPECT_EQ(options, Names()) << command;
      continue;
    }
    ASSERT_EQ(sections.count(command), 1U) << "man/vuln-datasync.1 lacks a section: .SS " << command;
    EXPECT_EQ(entries_of(sections[command]), options) << "entries of man/vuln-datasync.1, .SS " << command;
    for (const std::string& operand : help.operands)
      EXPECT_THAT(sections[command], testing::ContainsRegex("\\.I.*" + operand)) << ".SS " << command;
    sections.erase(command);
  }
  for (const auto& [command, text] : sections) ADD_FAILURE() << "there is no command " << command;
}

TEST(Manual, DescribesEverySetting) {
  const Names settings = matches(text_of("src/cli/variables.cpp"), "Variable\\{\"([A-Z_]+)\"");
  ASSERT_GT(settings.size(), 30U);
  EXPECT_EQ(matches(text_of("man/vuln-datasync.toml.5"), "\n\\.T[PQ]\n\\.BR? ([A-Z][A-Z_]+)"), settings);
}

TEST(Manual, ExampleOfSettingsHasEachOnce) {
  Names settings = matches(text_of("src/cli/variables.cpp"), "Variable\\{\"([A-Z_]+)\"");
  settings.erase("DATA_DIR");  // known with its prefix only
  settings.insert({"VULN_DATASYNC_DATA_DIR", "API_TOKENS_FILE"});
  EXPECT_EQ(matches(text_of(".env.example"), "\n#([A-Z_]+)="), settings);
}

}  // namespace
}  // namespace house
