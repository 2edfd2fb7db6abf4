// A directory behind a web server.
#pragma once

#include <filesystem>
#include <string>

#include "base/files.hpp"
#include "base/percent.hpp"
#include "support/http_server.hpp"

namespace support {

/// The file below `directory` that the request asks for, with an ETag made of its time and size.
inline HttpAnswer web_directory(const std::filesystem::path& directory, const HttpRequest& request) {
  const std::filesystem::path path = directory / base::percent_decoded(request.path().substr(1));
  if (!std::filesystem::is_regular_file(path)) return {.status = 404};
  const auto time = std::filesystem::last_write_time(path).time_since_epoch().count();
  const std::string bytes = base::read_file(path);
  return file_answer(request, bytes, "\"" + std::to_string(time) + "-" + std::to_string(bytes.size()) + "\"");
}

}  // namespace support
