#include "cli/commands.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "base/ascii.hpp"

namespace cli {

namespace {

constexpr std::size_t help_column = 34;

}  // namespace

Commands::Commands(CLI::App& root) : root_(root) {
  root.get_formatter()->column_width(help_column);
  add_global_options(root);
}

void Commands::add_global_options(CLI::App& app) {
  app.add_option("--config", options_.config_file, "Configuration file (default: vuln-datasync.toml)")
      ->type_name("FILE");
  overrides(app, "--data-dir", "DATA_DIR", "DIR", "Embedded servers, download cache, exports");
  app.add_option("--env-file", options_.env_file, "Read settings from a dotenv file")->type_name("FILE");
  overrides(app, "--log-level", "LOG_LEVEL", "LEVEL", "trace, debug, info, warn, error or off");
  overrides(app, "--log-format", "LOG_FORMAT", "FORMAT", "text or json");
  app.add_flag("--quiet", options_.quiet, "No progress, and no log below warnings");
  app.add_flag("--json", options_.json, "Print results as JSON");
}

CLI::App& Commands::add(CLI::App& group, const std::string& name, const std::string& description) {
  CLI::App& command = *group.add_subcommand(name, description);
  command.fallthrough();  // global options are taken after the command too
  command.footer("Options of every command: vuln-datasync --help");
  return command;
}

CLI::App& Commands::add_prefix(CLI::App& group, const std::string& name, const std::string& description) {
  CLI::App& command = *group.add_subcommand(name, description);
  command.fallthrough(false)->prefix_command();
  command.set_help_flag("--help", "Print this help message and exit");  // -h may be the other program's
  add_global_options(command);
  return command;
}

void Commands::on(CLI::App& command, Action action) {
  command.callback([this, action = std::move(action)] { chosen_ = action; });
}

void Commands::overrides(CLI::App& command, const std::string& option, std::string_view variable,
                         const std::string& value_name, const std::string& description) {
  const auto set = [this, option, variable](const std::string& value) {
    flags_.insert_or_assign(std::string(variable), Value{value, option});
  };
  command.add_option_function<std::string>(option, set, description)->type_name(value_name);
}

CLI::Validator positive_number() {
  const auto check = [](const std::string& text) {
    const bool digits = std::all_of(text.begin(), text.end(), base::is_digit);
    const bool is_positive = digits && text.find_first_not_of('0') != std::string::npos && text.size() < 19;
    return is_positive ? std::string() : "'" + text + "' is not a number from 1";
  };
  return CLI::Validator(check, "");
}

void add_all_commands(Commands& commands) {
  add_sync(commands);
  add_mirror(commands);
  add_serve(commands);
  add_show(commands);
  add_explain(commands);
  add_status(commands);
  add_jobs(commands);
  add_doctor(commands);
  add_export(commands);
  add_exports(commands);
  add_changes(commands);
  add_digest(commands);
  add_quarantine(commands);
  add_links(commands);
  add_keys(commands);
  add_migrate(commands);
  add_database(commands);
}

}  // namespace cli
