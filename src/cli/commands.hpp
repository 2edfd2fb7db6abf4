// The commands. Each is one file, command_NAME.cpp, that defines one function declared here: it adds the
// command, its options and what runs to a Commands. To add one: the file, its declaration, and a line in
// add_all_commands().
#pragma once

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/variables.hpp"

namespace cli {

/// Runs a command and returns the exit status: 0 done, 1 failed, 3 done in part. Throws UsageError (2) or any
/// base::Error (1).
using Action = std::function<int(Context&)>;

/// Options that every command has, before and after its name.
struct GlobalOptions {
  std::optional<std::filesystem::path> config_file;
  std::optional<std::filesystem::path> env_file;
  bool quiet = false;
  bool json = false;
};

/// Builds the command line. Options are bound to variables that live as long as the actions that use them, in
/// a std::shared_ptr that both capture.
class Commands {
 public:
  /// Adds the global options to `root`.
  explicit Commands(CLI::App& root);
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  /// A command of one word, or a subcommand of `group`. `description` is what the list of commands and --help
  /// say.
  CLI::App& add(const std::string& name, const std::string& description) {
    return add(root_, name, description);
  }
  CLI::App& add(CLI::App& group, const std::string& name, const std::string& description);

  /// A subcommand that hands what follows its own options to another program: command.remaining(). Global
  /// options are ours only up to there.
  CLI::App& add_prefix(CLI::App& group, const std::string& name, const std::string& description);

  /// What the command does. A command without an action is a group: it needs one of its subcommands.
  void on(CLI::App& command, Action action);

  /// An option that overrides the setting of a variable, as --mirror does SOURCE_MIRROR.
  void overrides(CLI::App& command, const std::string& option, std::string_view variable,
                 const std::string& value_name, const std::string& description);

  /// After parsing: the action that was chosen (empty: none), and what was said by options.
  const Action& chosen() const { return chosen_; }
  const Layer& flags() const { return flags_; }
  const GlobalOptions& options() const { return options_; }

 private:
  void add_global_options(CLI::App& app);

  CLI::App& root_;
  Action chosen_;
  Layer flags_;
  GlobalOptions options_;
};

/// For numbers that count something: from 1.
CLI::Validator positive_number();

void add_sync(Commands& commands);
void add_mirror(Commands& commands);
void add_serve(Commands& commands);
void add_show(Commands& commands);
void add_explain(Commands& commands);
void add_status(Commands& commands);
void add_jobs(Commands& commands);
void add_doctor(Commands& commands);
void add_export(Commands& commands);
void add_exports(Commands& commands);
void add_changes(Commands& commands);
void add_digest(Commands& commands);
void add_quarantine(Commands& commands);
void add_links(Commands& commands);
void add_keys(Commands& commands);
void add_migrate(Commands& commands);
void add_database(Commands& commands);

/// Adds every command, in the order of the help.
void add_all_commands(Commands& commands);

}  // namespace cli
