// Child processes, started without a shell: an argument vector, a few changes to the environment, and what
// each of the three standard streams is connected to.
//
// Everything that may allocate or take a lock happens before fork(2), so that starting a child is safe in a
// program with threads; no descriptor but the three streams reaches the child; a child is always reaped.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/fd.hpp"

namespace base {

/// A child that could not be started, or was given up on (see run).
class ProcessError : public Error {
 public:
  using Error::Error;
};

/// A system account, with its supplementary groups looked up.
struct Account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
  std::filesystem::path home;
};

/// The account of that name or number, or nothing. Throws ProcessError when the account database can't be
/// read.
std::optional<Account> find_account(const std::string& name);
std::optional<Account> find_account(uid_t uid);

/// Where a standard stream of a child comes from or goes to.
class Stream {
 public:
  enum class Kind { inherit, null, pipe, file };

  static Stream inherit() { return Stream(Kind::inherit, -1); }
  /// /dev/null.
  static Stream null() { return Stream(Kind::null, -1); }
  /// The other end is Process::input(), output() or error().
  static Stream pipe() { return Stream(Kind::pipe, -1); }
  /// An open descriptor, which the caller keeps open until the process is started.
  static Stream file(const Fd& fd) { return Stream(Kind::file, fd.get()); }

  Kind kind() const { return kind_; }
  int fd() const { return fd_; }

 private:
  Stream(Kind kind, int fd) : kind_(kind), fd_(fd) {}
  Kind kind_;
  int fd_;
};

struct Command {
  /// The program, looked up in PATH unless it has a slash, and its arguments.
  std::vector<std::string> arguments;
  /// Variables to set, or with nothing to remove; the rest of the environment is handed on.
  std::vector<std::pair<std::string, std::optional<std::string>>> environment = {};
  /// Working directory; empty: ours.
  std::filesystem::path directory = {};
  Stream input = Stream::null();
  Stream output = Stream::inherit();
  Stream error = Stream::inherit();
  /// Descriptors that the child keeps under their numbers (3 and above), e.g. one that holds a lock.
  std::vector<int> kept = {};
  /// Run as this account; only root can.
  std::optional<Account> account = std::nullopt;
  /// A session of its own: a Ctrl-C at our terminal does not reach the child. What run() gives up then ends
  /// with all that it started.
  bool new_session = false;
};

/// How a child ended.
struct ExitStatus {
  int code = 0;    // the exit status, when signal is 0
  int signal = 0;  // the signal that killed it, or 0
  bool success() const { return code == 0 && signal == 0; }
  /// "exit status 3", "killed by signal 9 (Killed)".
  std::string to_string() const;
};

/// A running child. The destructor kills and reaps one that was neither waited for nor detached.
class Process {
 public:
  /// Starts the command. Throws ProcessError naming the program and the step that failed (not found, not
  /// executable, directory, account). Writing to a child that is gone is an error of the write, not a
  /// SIGPIPE: the first Process sets that signal to be ignored.
  explicit Process(const Command& command);
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  pid_t id() const { return pid_; }
  /// Our ends of the streams that were asked for as pipes. Closing input() is the child's end of file.
  Fd& input() { return input_; }
  Fd& output() { return output_; }
  Fd& error() { return error_; }

  /// Waits for the end of the child.
  ExitStatus wait();
  /// Waits that long at most; nothing when it still runs.
  std::optional<ExitStatus> wait_for(std::chrono::milliseconds timeout);
  /// Sends a signal to a child that still runs.
  void signal(int number) noexcept;
  /// Sends a signal to a child with a session of its own, and to what it started in that.
  void signal_session(int number) noexcept;
  /// SIGTERM, and SIGKILL when it still runs after `grace`; reaps it.
  ExitStatus terminate(std::chrono::milliseconds grace = std::chrono::seconds(5));
  /// Leaves the child running on its own; it is reaped by whoever inherits it when we end.
  void detach() { pid_ = -1; }

 private:
  bool reap(int options);

  pid_t pid_ = -1;  // -1: reaped or detached
  ExitStatus status_;
  Fd input_;
  Fd output_;
  Fd error_;
};

struct RunResult {
  ExitStatus status;
  std::string output;
  std::string error;
};

struct RunLimits {
  std::chrono::milliseconds timeout = std::chrono::hours(24);
  /// Output and error text each; more is an error, so that a child gone wild can't eat our memory.
  std::size_t output_bytes = std::size_t{256} << 20;
  std::stop_token stop = {};
};

/// Runs a command to its end with `input` on its standard input; collects its output and error text, unless
/// they are directed to a file or to nothing. A child that ends with an error is a result. Throws
/// ProcessError when it cannot be started, and when it is killed because a limit was reached or `stop` was
/// asked for.
RunResult run(Command command, std::string_view input = {}, const RunLimits& limits = {});

/// The path of a program found in PATH (or itself, when it has a slash and is executable), or empty.
std::filesystem::path find_program(const std::string& name);

}  // namespace base
