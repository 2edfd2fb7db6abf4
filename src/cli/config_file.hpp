// Where the configuration file is; what it says is read by read_config_file() of variables.hpp.
#pragma once

#include <filesystem>
#include <optional>

namespace cli {

/// vuln-datasync.toml in the working directory, unless it is another user's, or else in the directory of the
/// user or the system for such files.
std::optional<std::filesystem::path> default_config_file();

}  // namespace cli
