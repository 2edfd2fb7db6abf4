// A directory behind a web server.
#pragma once

#include <filesystem>
#include <string>

#include "base/files.hpp"
#include "support/http_server.hpp"

namespace support {

inline std::string percent_decoded(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '%' && i + 2 < text.size();
    result += escaped ? static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16)) : text[i];
    if (escaped) i += 2;
  }
  return result;
}

/// The file below `directory` that the request asks for, with an ETag made of its time and size.
inline HttpAnswer web_directory(const std::filesystem::path& directory, const HttpRequest& request) {
  const std::filesystem::path path = directory / percent_decoded(request.path().substr(1));
  if (!std::filesystem::is_regular_file(path)) return {.status = 404};
  const auto time = std::filesystem::last_write_time(path).time_since_epoch().count();
  const std::string bytes = base::read_file(path);
  return file_answer(request, bytes, "\"" + std::to_string(time) + "-" + std::to_string(bytes.size()) + "\"");
}

}  // namespace support
