#include "embedded/socket_directory.hpp"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "embedded/account.hpp"
#include "embedded/error.hpp"

namespace embedded {

namespace fs = std::filesystem;

namespace {

// unix(7): the path with its final NUL has to fit into sun_path, so 107 bytes.
constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;

bool fits(const fs::path& directory, const std::string& socket_name) {
  const std::string path = (directory / socket_name).string();
  // A comma separates hosts in a connection string, and nothing can escape it.
  return path.size() <= longest_socket_path && std::none_of(path.begin(), path.end(), [](char c) {
           return c == ',' || static_cast<unsigned char>(c) < 0x20;
         });
}

// True when `path` is a real directory (no link) that only its owner `uid` can use.
bool is_private(const fs::path& path, uid_t uid) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == uid &&
         (status.st_mode & 077) == 0;
}

std::vector<fs::path> candidates(const fs::path& data_dir, const std::string& server) {
  const std::string hash = base::to_hex(base::fast128(data_dir.string() + '\n' + server)).substr(0, 12);
  const std::string name = "vuln-datasync-" + hash;
  std::vector<fs::path> result{data_dir / "run" / server};
  const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
  // Nobody but root writes to /run, which is as private as it gets.
  if (::geteuid() == 0 && ::access("/run", W_OK) == 0)
    result.push_back(fs::path("/run") / name);
  else if (::geteuid() != 0 && runtime != nullptr && is_private(runtime, ::geteuid()))
    result.push_back(fs::path(runtime) / name);
  result.push_back(fs::path("/tmp") / ("vuln-datasync-" + std::to_string(::geteuid()) + "-" + hash));
  return result;
}

}  // namespace

fs::path socket_directory(const fs::path& data_dir, const std::string& server, const std::string& socket_name,
                          const std::optional<base::Account>& account) {
  for (const fs::path& directory : candidates(data_dir, server)) {
    if (!fits(directory, socket_name)) continue;
    make_server_directory(directory, account);
    if (is_private(directory, account ? account->uid : ::geteuid())) return directory;
    throw Error(
        "the directory " + directory.string() +
        " for the embedded server's socket is not private to its account: remove it, or choose another "
        "--data-dir with a shorter path");
  }
  // /tmp always fits.
  throw Error("no directory for the embedded server's socket has a path short enough");
}

}  // namespace embedded
