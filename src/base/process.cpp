#include "base/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <thread>

namespace base {

namespace fs = std::filesystem;

namespace {

std::string reason(int error_number) {
  return std::generic_category().message(error_number);
}

// The steps between fork and exec, for the error that the child reports.
enum class Step : int { streams, account, directory, execute };

struct Failure {
  Step step;
  int error_number;
};

// Everything the child needs, laid out before the fork: between fork and exec it may only make plain system
// calls.
struct Plan {
  std::string program;
  std::vector<char*> arguments;
  std::vector<std::string> variables;
  std::vector<char*> environment;
  const char* directory = nullptr;
  const Account* account = nullptr;
  bool new_session = false;
  int streams[3] = {-1, -1, -1};  // -1: inherit
  std::vector<int> kept;
  int report = -1;
};

struct Pipe {
  Fd read;
  Fd write;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw ProcessError("cannot make a pipe: " + reason(errno));
  return {Fd(ends[0]), Fd(ends[1])};
}

std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    const bool replaced = std::any_of(command.environment.begin(), command.environment.end(),
                                      [&](const auto& change) { return change.first == name; });
    if (!replaced) result.emplace_back(text);
  }
  for (const auto& [name, value] : command.environment)
    if (value) result.push_back(name + "=" + *value);
  return result;
}

Plan plan_for(const Command& command) {
  if (command.arguments.empty()) throw ProcessError("cannot start a program: no name given");
  Plan plan;
  plan.program = find_program(command.arguments.front());
  if (plan.program.empty())
    throw ProcessError("cannot start " + command.arguments.front() + ": no such program in PATH");
  for (const std::string& argument : command.arguments)
    plan.arguments.push_back(const_cast<char*>(argument.c_str()));  // NOLINT(*-const-cast): only read
  plan.arguments.push_back(nullptr);
  plan.variables = environment_of(command);
  for (std::string& variable : plan.variables) plan.environment.push_back(variable.data());
  plan.environment.push_back(nullptr);
  if (!command.directory.empty()) plan.directory = command.directory.c_str();
  if (command.account) plan.account = &*command.account;
  plan.new_session = command.new_session;
  plan.kept = command.kept;
  return plan;
}

// Connects stream `number` of the child; returns our end when it is a pipe and keeps the child's in `keep`.
Fd connect_stream(Plan& plan, const Stream& stream, int number, std::vector<Fd>& keep) {
  Fd ours;
  switch (stream.kind()) {
    case Stream::Kind::inherit:
      return ours;
    case Stream::Kind::file:
      plan.streams[number] = stream.fd();
      return ours;
    case Stream::Kind::null:
      keep.emplace_back(::open("/dev/null", O_RDWR | O_CLOEXEC));
      if (!keep.back()) throw ProcessError("cannot open /dev/null: " + reason(errno));
      break;
    case Stream::Kind::pipe: {
      Pipe pipe = make_pipe();
      ours = std::move(number == 0 ? pipe.write : pipe.read);
      keep.push_back(std::move(number == 0 ? pipe.read : pipe.write));
      break;
    }
  }
  plan.streams[number] = keep.back().get();
  return ours;
}

bool connect_in_child(const Plan& plan) {
  // First above the standard descriptors, so that none of the three overwrites another's source.
  int sources[3];
  for (int number = 0; number < 3; ++number) {
    sources[number] = plan.streams[number] < 0 ? -1 : ::fcntl(plan.streams[number], F_DUPFD_CLOEXEC, 3);
    if (plan.streams[number] >= 0 && sources[number] < 0) return false;
  }
  for (int number = 0; number < 3; ++number)
    if (sources[number] >= 0 && ::dup2(sources[number], number) < 0) return false;
  // Belt and braces for descriptors that libraries opened without close-on-exec. Old kernels lack the call.
  ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  for (const int kept : plan.kept)
    if (::fcntl(kept, F_SETFD, 0) != 0) return false;
  return true;
}

bool become(const Account& account) {
  return ::setgroups(account.groups.size(), account.groups.data()) == 0 && ::setgid(account.gid) == 0 &&
         ::setuid(account.uid) == 0;
}

// Exec would do this for handlers, but a signal may come before it, and it leaves SIGPIPE ignored.
void restore_signals() {
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action {};
    if (::sigaction(number, nullptr, &action) != 0) continue;
    if (action.sa_handler == SIG_IGN && number != SIGPIPE) continue;
    if (action.sa_handler != SIG_DFL) ::signal(number, SIG_DFL);
  }
}

// Runs in the child; returns the step that failed, with errno set.
Step execute(const Plan& plan) {
  if (plan.new_session) ::setsid();
  if (!connect_in_child(plan)) return Step::streams;
  if (plan.account != nullptr && !become(*plan.account)) return Step::account;
  if (plan.directory != nullptr && ::chdir(plan.directory) != 0) return Step::directory;
  restore_signals();
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(plan.program.c_str(), plan.arguments.data(), plan.environment.data());
  return Step::execute;
}

[[noreturn]] void run_child(const Plan& plan) {
  Failure failure{execute(plan), 0};
  failure.error_number = errno;
  // If the report cannot be written either, the exit status 127 is all the parent learns.
  [[maybe_unused]] const ssize_t ignored = ::write(plan.report, &failure, sizeof failure);
  ::_exit(127);
}

std::string describe(const Failure& failure, const Command& command, const std::string& program) {
  const std::string why = reason(failure.error_number);
  switch (failure.step) {
    case Step::streams:
      return "cannot connect the streams of " + program + ": " + why;
    case Step::account:
      return "cannot run " + program + " as account " + command.account->name + ": " + why;
    case Step::directory:
      return "cannot run " + program + " in " + command.directory.string() + ": " + why;
    case Step::execute:
      break;
  }
  return "cannot start " + program + ": " + why;
}

// Handlers of ours must not run in the child between fork and exec, so all signals wait over the fork.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

namespace {

// `ask` is getpwnam_r or getpwuid_r with its key bound.
template <typename Ask>
std::optional<Account> look_up_account(const std::string& what, Ask ask) {
  std::vector<char> buffer(16384);
  struct passwd entry {};
  struct passwd* found = nullptr;
  int result = 0;
  while ((result = ask(&entry, buffer.data(), buffer.size(), &found)) == ERANGE)
    buffer.resize(buffer.size() * 2);
  if (found == nullptr) {
    if (result == 0 || result == ENOENT || result == ESRCH) return std::nullopt;
    throw ProcessError("cannot look up the account " + what + ": " + reason(result));
  }
  Account account{entry.pw_name, entry.pw_uid, entry.pw_gid, {}, entry.pw_dir};
  int count = 64;
  account.groups.resize(static_cast<std::size_t>(count));
  while (::getgrouplist(entry.pw_name, account.gid, account.groups.data(), &count) < 0)
    account.groups.resize(static_cast<std::size_t>(count));
  account.groups.resize(static_cast<std::size_t>(count));
  return account;
}

}  // namespace

std::optional<Account> find_account(const std::string& name) {
  return look_up_account(name, [&](passwd* entry, char* buffer, std::size_t size, passwd** found) {
    return ::getpwnam_r(name.c_str(), entry, buffer, size, found);
  });
}

std::optional<Account> find_account(uid_t uid) {
  return look_up_account(std::to_string(uid),
                         [&](passwd* entry, char* buffer, std::size_t size, passwd** found) {
                           return ::getpwuid_r(uid, entry, buffer, size, found);
                         });
}

fs::path find_program(const std::string& name) {
  const auto usable = [](const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
  };
  // A name with a slash is tried as it is, so that the error is the one of exec.
  if (name.find('/') != std::string::npos) return name;
  const char* variable = std::getenv("PATH");
  const std::string_view path = variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    fs::path candidate = fs::path(path.substr(begin, end - begin)) / name;
    if (usable(candidate)) return candidate;
    begin = end + 1;
  }
  return {};
}

Process::Process(const Command& command) {
  static const auto ignored = ::signal(SIGPIPE, SIG_IGN);
  static_cast<void>(ignored);

  Plan plan = plan_for(command);
  std::vector<Fd> childs;
  input_ = connect_stream(plan, command.input, 0, childs);
  output_ = connect_stream(plan, command.output, 1, childs);
  error_ = connect_stream(plan, command.error, 2, childs);
  Pipe report = make_pipe();
  plan.report = report.write.get();
  {
    const SignalsBlocked blocked;
    pid_ = ::fork();
    if (pid_ == 0) run_child(plan);
  }
  if (pid_ < 0) throw ProcessError("cannot start " + plan.program + ": " + reason(errno));
  report.write.close();
  childs.clear();
  // The report pipe closes at exec: no bytes means that the program runs.
  Failure failure{};
  ssize_t count = 0;
  while ((count = ::read(report.read.get(), &failure, sizeof failure)) < 0 && errno == EINTR) {
  }
  if (count != sizeof failure) return;
  wait();
  throw ProcessError(describe(failure, command, plan.program));
}

}  // namespace base
