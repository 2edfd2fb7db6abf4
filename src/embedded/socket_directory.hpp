// Where the private sockets are: in the data directory, or, when that path is too long for a socket or has
// characters that connection strings cannot carry, in a short directory that nobody else can make first.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/process.hpp"

namespace embedded {

/// The directory for the socket `socket_name` of the server whose data directory is `data_dir`; made, mode
/// 0700, owned by `account` (or us), and checked to be so. The first of these that the socket's path fits
/// into:
///   data_dir/run/SERVER
///   /run/vuln-datasync-HASH                as root
///   $XDG_RUNTIME_DIR/vuln-datasync-HASH    else, where that is ours
///   /tmp/vuln-datasync-UID-HASH
/// It depends on the environment, so the socket of a running server is found by what the server recorded.
/// Throws Error when even the last cannot be had, because somebody else made it.
std::filesystem::path socket_directory(const std::filesystem::path& data_dir, const std::string& server,
                                       const std::string& socket_name,
                                       const std::optional<base::Account>& account);

}  // namespace embedded
