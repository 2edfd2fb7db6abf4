// Snapshots: which there are, and their files.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "api/message.hpp"

namespace api {

class Backend;

Response list_exports(Backend& backend, const Request& request);
Response show_export(Backend& backend, const Request& request);
Response download_export(Backend& backend, const Request& request);

/// "20240501T120000Z".
bool is_version(std::string_view text);

/// Opens the regular file at `path` below `directory`, following no symbolic link and leaving the directory
/// by no "..". Nothing when there is none.
std::optional<base::Fd> open_below(const std::filesystem::path& directory, std::string_view path);

}  // namespace api
