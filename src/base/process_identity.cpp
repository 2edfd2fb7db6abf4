#include "base/process_identity.hpp"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace base {

namespace {

std::string first_line(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

// The machine since its last start, and the processes that can be seen from here.
std::string surroundings() {
  std::error_code error;
  const std::string boot = first_line("/proc/sys/kernel/random/boot_id");
  const std::string space = std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
  return boot.empty() || space.empty() ? std::string() : boot + " " + space + " ";
}

struct Stat {
  char state = '?';
  std::string started;  // in clock ticks since the boot
};

// Format: proc(5), /proc/[pid]/stat: the name, in parentheses, may hold anything; the state is the field
// after it, the start time the 22nd of the line.
Stat stat_of(const std::string& pid) {
  constexpr int fields_between = 18;
  const std::string line = first_line("/proc/" + pid + "/stat");
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream fields(line.substr(name_end + 1));
  Stat result;
  fields >> result.state;
  std::string skipped;
  for (int i = 0; i < fields_between; ++i) fields >> skipped;
  fields >> result.started;
  return result;
}

}  // namespace

std::string process_identity() {
  const std::string around = surroundings();
  const std::string pid = std::to_string(::getpid());
  const std::string started = stat_of(pid).started;
  return around.empty() || started.empty() ? std::string() : around + pid + " " + started;
}

bool has_ended(std::string_view identity) {
  const std::string around = surroundings();
  if (around.empty() || !identity.starts_with(around)) return false;
  identity.remove_prefix(around.size());
  const auto space = identity.find(' ');
  pid_t pid = 0;
  if (space == std::string_view::npos ||
      std::from_chars(identity.data(), identity.data() + space, pid).ec != std::errc() || pid <= 0)
    return false;
  // A process of another user may be hidden in /proc, but not from this.
  if (::kill(pid, 0) != 0 && errno == ESRCH) return true;
  const Stat now = stat_of(std::to_string(pid));
  if (now.started.empty()) return false;
  return now.state == 'Z' || now.state == 'X' || now.started != identity.substr(space + 1);
}

}  // namespace base
