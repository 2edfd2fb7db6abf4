#include "fetch/put_file.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>

#include "base/files.hpp"

namespace fetch {

namespace fs = std::filesystem;

namespace {

// No file of a mirror has this ending: what a killed process leaves is told from what is complete.
fs::path unfinished(const fs::path& path) {
  return path.native() + ".part";
}

}  // namespace

void put_file(const fs::path& path, std::string_view bytes) {
  base::Fd file = base::open_file(unfinished(path), O_WRONLY | O_CREAT | O_TRUNC);
  base::write_all(file, bytes, path.native());
  file.close();
  move_file(unfinished(path), path);
}

void put_copy(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy_file(from, unfinished(to), fs::copy_options::overwrite_existing, error);
  if (error) throw base::FileError("copy to", to, error.value());
  move_file(unfinished(to), to);
}

void move_file(const fs::path& from, const fs::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) throw base::FileError("replace", to, errno);
}

}  // namespace fetch
