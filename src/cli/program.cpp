#include "cli/program.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <optional>
#include <string>

#include "base/format.hpp"
#include "base/log.hpp"
#include "base/redact.hpp"
#include "base/version.hpp"
#include "cli/commands.hpp"
#include "cli/error.hpp"
#include "cli/output.hpp"

namespace cli {

namespace {

constexpr int closed_output = 128 + SIGPIPE;  // as of a program that the signal ended

// Errors are one line on standard error: in the log's format where that is JSON, so that a collector can read
// it.
void report(std::string_view message, base::log::Format format = base::log::Format::text) {
  if (format == base::log::Format::json) {
    base::log::error(message);
    return;
  }
  const std::string text = visible(base::redact(message));
  std::fprintf(stderr, "vuln-datasync: %s\n", text.c_str());
}

// A file opened as descriptor 2 would get our error messages written into it.
void open_standard_descriptors() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor)
    if (::fcntl(descriptor, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) < 0) ::_exit(failed);
}

// The deepest command that was named.
const CLI::App& chosen_app(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : chosen_app(*chosen.front());
}

std::string name_of(const CLI::App& app) {
  return app.get_parent() == nullptr ? "vuln-datasync" : name_of(*app.get_parent()) + " " + app.get_name();
}

// Returns the exit status when there is nothing to run.
std::optional<int> parse(CLI::App& app, const Commands& commands, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& request) {  // --help, --version
    app.exit(request);
    return done;
  } catch (const CLI::ExtrasError&) {
    const auto extras = app.remaining(true);
    const bool is_command = !extras.front().starts_with('-') && !commands.chosen();
    report(base::format("unknown {} '{}'; see '{} --help'", is_command ? "command" : "argument",
                        extras.front(), name_of(chosen_app(app))));
    return wrong_usage;
  } catch (const CLI::ParseError& error) {
    report(base::format("{}; see '{} --help'", error.what(), name_of(chosen_app(app))));
    return wrong_usage;
  }
  if (commands.chosen()) return std::nullopt;
  std::fputs(app.help().c_str(), stderr);  // of the group that was named, where one was
  return wrong_usage;
}

int run_action(const Commands& commands) {
  const GlobalOptions& options = commands.options();
  SettingsInput input{commands.flags(), options.config_file, options.env_file, process_environment()};
  Settings settings = read_settings(input);
  using base::log::Level;
  if (options.quiet && settings.log_level < Level::warn) settings.log_level = Level::warn;
  base::log::configure(settings.log_level, settings.log_format);
  const base::log::Format format = settings.log_format;

  Context context(std::move(settings), options.json, options.quiet);
  int status = failed;
  try {
    status = commands.chosen()(context);
    context.output().flush();
  } catch (const OutputClosed&) {
    status = closed_output;
  } catch (const UsageError& error) {
    report(error.what(), format);
    status = wrong_usage;
  } catch (const base::Error& error) {
    report(error.what(), format);
    status = failed;
  }
  return context.signal() != 0 ? 128 + context.signal() : status;
}

}  // namespace

int run(int argc, char** argv) {
  open_standard_descriptors();
  // Whoever writes to a pipe or socket that was closed, or a file larger than allowed, gets an error to
  // report.
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
  ::signal(SIGCHLD, SIG_DFL);
  try {
    CLI::App app("Synchronises vulnerability data of OSV, GitLab and CVE into one PostgreSQL database.",
                 "vuln-datasync");
    app.set_version_flag("--version", base::format("vuln-datasync {} ({})", base::version, base::commit),
                         "Print version and commit");
    Commands commands(app);
    add_all_commands(commands);
    if (const auto status = parse(app, commands, argc, argv)) return *status;
    return run_action(commands);
  } catch (const UsageError& error) {
    report(error.what());
    return wrong_usage;
  } catch (const std::bad_alloc&) {
    report("out of memory");
  } catch (const std::exception& error) {
    report(error.what());
  }
  return failed;
}

}  // namespace cli
