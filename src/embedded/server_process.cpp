#include "embedded/server_process.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <string>
#include <system_error>
#include <vector>

#include "base/log.hpp"
#include "embedded/account.hpp"

namespace embedded {

namespace fs = std::filesystem;

namespace {

bool works_in(const std::string& id, const fs::path& data) {
  struct stat wanted {};
  struct stat directory {};
  return ::stat(data.c_str(), &wanted) == 0 && ::stat(("/proc/" + id + "/cwd").c_str(), &directory) == 0 &&
         wanted.st_dev == directory.st_dev && wanted.st_ino == directory.st_ino;
}

std::vector<pid_t> processes_in(const fs::path& data) {
  std::vector<pid_t> result;
  const AsOwnerOf owner(data);
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    pid_t id = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), id).ec != std::errc()) continue;
    if (id != ::getpid() && works_in(name, data)) result.push_back(id);
  }
  return result;
}

}  // namespace

bool is_server_process(pid_t id, const fs::path& data) {
  if (::access("/proc/self/cwd", F_OK) != 0) return ::kill(id, 0) == 0;  // as PostgreSQL itself does
  const AsOwnerOf owner(data);
  return works_in(std::to_string(id), data);
}

void end_orphans(const fs::path& data) {
  for (const pid_t id : processes_in(data)) {
    base::log::warn("ending a process that outlived its server", {{"pid", id}});
    ::kill(id, SIGKILL);
  }
}

}  // namespace embedded
