#include "embedded/account.hpp"

#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/files.hpp"
#include "embedded/error.hpp"

namespace embedded {

namespace fs = std::filesystem;

namespace {

bool can_enter(const fs::path& directory, const base::Account& account) {
  // Asked as that account, because ACLs and mounts have a say beyond the mode bits.
  base::Command command{{"test", "-x", directory.string()}};
  command.directory = "/";
  command.account = account;
  return base::run(command).status.success();
}

void change_owner(const fs::path& path, uid_t uid, gid_t gid) {
  if (::lchown(path.c_str(), uid, gid) != 0) throw base::FileError("set the owner of", path, errno);
}

}  // namespace

std::optional<base::Account> server_account(const std::string& name, const fs::path& data_dir,
                                            const fs::path& data) {
  struct stat status {};
  const bool exists = ::stat(data.c_str(), &status) == 0;
  if (::geteuid() != 0) {
    if (!exists || status.st_uid == ::geteuid()) return std::nullopt;
    const auto owner = base::find_account(status.st_uid);
    throw Error(data.string() + " belongs to " + (owner ? owner->name : std::to_string(status.st_uid)) +
                ": run as that account or as root, or choose another --data-dir");
  }
  if ((exists || ::stat(data_dir.c_str(), &status) == 0) && status.st_uid != 0)
    if (auto owner = base::find_account(status.st_uid)) return owner;
  if (auto account = base::find_account(name)) return account;
  throw Error(
      "under root the embedded server runs as the account " + name +
      ", which does not exist: install its package, run as an ordinary user, or name a running server "
      "(DATABASE_URL, REDIS_URL)");
}

void require_reachable(const fs::path& directory, const base::Account& account) {
  if (can_enter(directory, account)) return;
  fs::path partial;
  for (const fs::path& part : directory) {
    partial /= part;
    if (can_enter(partial, account)) continue;
    throw Error("the embedded server runs as the account " + account.name + ", which cannot enter " +
                partial.string() + ": run 'chmod o+x " + partial.string() + "' or choose another --data-dir");
  }
}

fs::path prepared_data_directory(const fs::path& data_dir) {
  base::make_directories(data_dir, ::geteuid() == 0 ? 0755 : 0700);
  std::error_code error;
  fs::path canonical = fs::canonical(data_dir, error);
  if (error) throw base::FileError("resolve", data_dir, error.value());
  return canonical;
}

void make_server_directory(const fs::path& path, const std::optional<base::Account>& account) {
  if (::mkdir(path.c_str(), 0700) != 0) {
    if (errno == EEXIST) return;
    throw base::FileError("make the directory", path, errno);
  }
  if (account) change_owner(path, account->uid, account->gid);
}

void share_ownership(const fs::path& path, const fs::path& owned) {
  struct stat status {};
  if (::geteuid() != 0 || ::stat(owned.c_str(), &status) != 0 || status.st_uid == 0) return;
  change_owner(path, status.st_uid, status.st_gid);
}

AsOwnerOf::AsOwnerOf(const fs::path& path) {
  struct stat status {};
  if (::geteuid() != 0 || ::stat(path.c_str(), &status) != 0 || status.st_uid == 0) return;
  // These two change the calling thread alone. The group first: the user takes the right to change it along.
  ::setfsgid(status.st_gid);
  ::setfsuid(status.st_uid);
  changed_ = true;
}

AsOwnerOf::~AsOwnerOf() {
  if (!changed_) return;
  ::setfsuid(::geteuid());
  ::setfsgid(::getegid());
}

}  // namespace embedded
