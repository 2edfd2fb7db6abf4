// What `--help` says, as data: the yardstick for the manual, the documents and the completions.
#pragma once

#include <map>
#include <set>
#include <string>

namespace support {

struct CommandHelp {
  std::set<std::string> options;   // "--dry-run"; those of this command alone
  std::set<std::string> operands;  // "ID"
  std::set<std::string> subcommands;
};

/// The help of the built program and of all its commands, by their words: "", "exports", "exports verify".
const std::map<std::string, CommandHelp>& help_of_all_commands();

}  // namespace support
