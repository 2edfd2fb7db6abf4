// The command line itself: help, usage errors, configuration; nothing here needs a database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <regex>

#include "support/files.hpp"
#include "support/program.hpp"

namespace {

using support::Program;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

// Wrong usage: status 2, one line that says what, and nothing on standard output.
void expect_usage_error(const Program& program, std::vector<std::string> arguments, const std::string& text) {
  const base::RunResult result = program.run(std::move(arguments));
  EXPECT_EQ(result.status.code, 2);
  EXPECT_EQ(result.output, "");
  EXPECT_THAT(result.error, StartsWith("vuln-datasync: "));
  EXPECT_THAT(result.error, HasSubstr(text));
  EXPECT_EQ(std::count(result.error.begin(), result.error.end(), '\n'), 1) << result.error;
}

TEST(CommandLine, VersionAndCommit) {
  const base::RunResult result = Program().run({"--version"});
  EXPECT_TRUE(result.status.success());
  EXPECT_THAT(result.output, MatchesRegex("vuln-datasync [0-9]+\\.[0-9]+\\.[0-9]+ \\([0-9a-z]+[+]?\\)\n"));
  EXPECT_EQ(result.error, "");
}

TEST(CommandLine, NoCommandPrintsTheHelpAndIsWrongUsage) {
  const base::RunResult result = Program().run({});
  EXPECT_EQ(result.status.code, 2);
  EXPECT_EQ(result.output, "");
  EXPECT_THAT(result.error, HasSubstr("Usage: vuln-datasync"));
  const base::RunResult group = Program().run({"database"});
  EXPECT_EQ(group.status.code, 2);
  EXPECT_THAT(group.error, HasSubstr("Usage: vuln-datasync database"));
}

TEST(CommandLine, EveryCommandHasHelp) {
  const Program program;
  const base::RunResult help = program.run({"--help"});
  EXPECT_TRUE(help.status.success());
  // The commands are the indented words below "Subcommands:".
  const std::regex command("\n  ([a-z]+) +[A-Z]");
  std::string list = help.output.substr(help.output.find("Subcommands:"));
  int commands = 0;
  for (std::sregex_iterator match(list.begin(), list.end(), command), end; match != end;
       ++match, ++commands) {
    const base::RunResult result = program.run({(*match)[1], "--help"});
    EXPECT_TRUE(result.status.success()) << (*match)[1];
    EXPECT_THAT(result.output, HasSubstr("Usage: vuln-datasync " + (*match)[1].str()));
    EXPECT_EQ(result.error, "");
  }
  EXPECT_GE(commands, 2);
}

TEST(CommandLine, UsageErrorsNameWhatIsWrong) {
  const Program program;
  expect_usage_error(program, {"frobnicate"}, "unknown command 'frobnicate'");
  expect_usage_error(program, {"--frobnicate"}, "unknown argument '--frobnicate'");
  expect_usage_error(program, {"database", "frobnicate"}, "unknown command 'frobnicate'");
  expect_usage_error(program, {"migrate", "up", "--frobnicate"}, "see 'vuln-datasync migrate up --help'");
  expect_usage_error(program, {"migrate", "up", "x"}, "'x' is not a number");
  expect_usage_error(program, {"migrate", "force"}, "V is required");
  expect_usage_error(program, {"migrate", "reset"}, "--yes");
  expect_usage_error(program, {"--log-level", "loud", "database", "stop"}, "--log-level is \"loud\"");
  expect_usage_error(program, {"database", "stop", "--env-file", "/nonexistent"}, "/nonexistent");
  expect_usage_error(program, {"database", "stop", "--config"}, "--config");
  EXPECT_FALSE(std::filesystem::exists(program.data_dir()));
}

TEST(CommandLine, ConfigurationErrorsNameWhatIsWrong) {
  Program program;
  base::write_file_atomically(program.directory() / "vuln-datasync.toml", "batch_szie = 5\n");
  expect_usage_error(program, {"database", "stop"}, "unknown key batch_szie in vuln-datasync.toml line 1");
  base::remove_file(program.directory() / "vuln-datasync.toml");
  program.set("VULN_DATASYNC_FROBNICATE", "1");
  expect_usage_error(program, {"database", "stop"}, "VULN_DATASYNC_FROBNICATE");
}

TEST(CommandLine, GlobalOptionsAreTakenBeforeAndAfterTheCommand) {
  const Program program;
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--json", "--quiet", "database", "stop"},
        std::vector<std::string>{"database", "stop", "--json", "--quiet"},
        std::vector<std::string>{"database", "--json", "stop", "--log-level=error"}}) {
    const base::RunResult result = program.run(arguments);
    EXPECT_TRUE(result.status.success()) << result.error;
    EXPECT_EQ(result.output, "{\"state\":\"not running\"}\n");
  }
}

TEST(CommandLine, ErrorsFollowTheLogFormat) {
  const base::RunResult result = Program().run({"migrate", "version", "--log-format", "json"});
  EXPECT_EQ(result.status.code, 1);
  EXPECT_THAT(result.error,
              MatchesRegex("\\{\"time\":\"[^\"]*\",\"level\":\"error\",\"message\":\"there is no .*\\}\n"));
}

TEST(CommandLine, AnOutputThatCannotBeWrittenIsAnError) {
  const Program program;
  const base::Fd full = base::open_file("/dev/full", 1 /* O_WRONLY */);
  base::Command command = program.command({"database", "stop"});
  command.output = base::Stream::file(full);
  const base::RunResult result = base::run(command);
  EXPECT_EQ(result.status.code, 1);
  EXPECT_THAT(result.error, HasSubstr("cannot write to standard output: No space left on device"));
}

TEST(CommandLine, AReaderThatLeavesEndsItSilently) {
  const Program program;
  base::Command command = program.command({"database", "stop"});
  command.output = base::Stream::pipe();
  command.error = base::Stream::pipe();
  base::Process process(command);
  process.output().close();
  char byte = 0;
  EXPECT_EQ(base::read_some(process.error(), &byte, 1, "standard error"), 0U);
  EXPECT_EQ(process.wait().code, 141);
}

TEST(CommandLine, APasswordIsNeverShown) {
  Program program;
  program.set("DATABASE_URL", "postgresql://me:s3cret@127.0.0.1:1/db");
  const base::RunResult result = program.run({"migrate", "version", "--log-level", "trace"});
  EXPECT_EQ(result.status.code, 1);
  EXPECT_THAT(result.error, HasSubstr("127.0.0.1"));
  EXPECT_THAT(result.error, testing::Not(HasSubstr("s3cret")));
}

TEST(CommandLine, AConfigurationFileOfAnotherUserIsPassedOver) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file to somebody else";
  const Program program;
  const auto file = program.directory() / "vuln-datasync.toml";  // its working directory
  support::write_file(file, "no_such_key = 1\n");
  EXPECT_EQ(program.run({"status"}).status.code, 2);
  ASSERT_EQ(::chown(file.c_str(), 65534, 65534), 0);
  const base::RunResult result = program.run({"status"});
  EXPECT_EQ(result.status.code, 1);  // there is no database yet
  EXPECT_THAT(result.error, HasSubstr("passing over a configuration file of another user"));
}

}  // namespace
