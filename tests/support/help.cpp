#include "support/help.hpp"

#include <sstream>
#include <stdexcept>
#include <vector>

#include "support/program.hpp"

namespace support {

namespace {

// CLI11's layout: headings at the margin, entries two blanks in, descriptions further right.
CommandHelp read_help(const std::string& text) {
  CommandHelp help;
  std::string heading;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.front() != ' ') heading = line.substr(0, line.find(':'));
    if (!line.starts_with("  ") || line.starts_with("   ")) continue;
    const std::string word = line.substr(2, line.find(' ', 2) - 2);
    if (heading == "Options")
      help.options.insert(word.substr(word.find("--")));
    else if (heading == "Positionals")
      help.operands.insert(word);
    else if (heading == "Subcommands")
      help.subcommands.insert(word);
  }
  return help;
}

void read_all(const Program& program, const std::vector<std::string>& words,
              std::map<std::string, CommandHelp>& found) {
  std::vector<std::string> arguments = words;
  arguments.emplace_back("--help");
  const base::RunResult result = program.run(arguments);
  if (!result.status.success()) throw std::runtime_error("--help failed: " + result.error);
  std::string name;
  for (const std::string& word : words) name += (name.empty() ? "" : " ") + word;
  const CommandHelp& help = found.emplace(name, read_help(result.output)).first->second;
  for (const std::string& subcommand : help.subcommands) {
    std::vector<std::string> deeper = words;
    deeper.push_back(subcommand);
    read_all(program, deeper, found);
  }
}

}  // namespace

const std::map<std::string, CommandHelp>& help_of_all_commands() {
  static const std::map<std::string, CommandHelp> all = [] {
    std::map<std::string, CommandHelp> found;
    read_all(Program(), {}, found);
    return found;
  }();
  return all;
}

}  // namespace support
