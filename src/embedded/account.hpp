// Who the embedded servers run as. PostgreSQL refuses to run as root, so under root they run as the account
// that their package made (or whoever owns the data directory already); otherwise as ourselves.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/process.hpp"

namespace embedded {

/// The account to run a server as: nothing unless we are root, then the owner of `data`, or while there is
/// none of `data_dir`, and where that is root the account called `name`. Throws Error when there is none of
/// that name, and when we are not root and `data` belongs to somebody else.
std::optional<base::Account> server_account(const std::string& name, const std::filesystem::path& data_dir,
                                            const std::filesystem::path& data);

/// Throws Error naming the first directory on the way to `directory` that `account` cannot enter, and the
/// command that lets it.
void require_reachable(const std::filesystem::path& directory, const base::Account& account);

/// The program's data directory, made if missing, in the one form that /proc and other commands know it by.
/// Throws base::FileError.
std::filesystem::path prepared_data_directory(const std::filesystem::path& data_dir);

/// Makes a directory of mode 0700 for the server (its parent must exist): `account` owns it, or we do. One
/// that exists is left as it is. Throws base::FileError.
void make_server_directory(const std::filesystem::path& path, const std::optional<base::Account>& account);

/// Gives a path of ours to the owner of `owned`, when we are root and it is not: what root makes in
/// somebody's data directory must not lock them out of it.
void share_ownership(const std::filesystem::path& path, const std::filesystem::path& owned);

/// While it lives, this thread reads files as the owner of `path` would, when we are root. Root in a
/// container may not look at the processes of others in /proc, but their owner may.
class AsOwnerOf {
 public:
  explicit AsOwnerOf(const std::filesystem::path& path);
  AsOwnerOf(const AsOwnerOf&) = delete;
  AsOwnerOf& operator=(const AsOwnerOf&) = delete;
  ~AsOwnerOf();

 private:
  bool changed_ = false;
};

}  // namespace embedded
