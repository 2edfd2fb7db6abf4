// A server of files that speaks HTTP/2 (nghttpd of the nghttp2 project).
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/files.hpp"
#include "base/process.hpp"

namespace support {

class Http2Server {
 public:
  Http2Server();

  /// "https://127.0.0.1:PORT/NAME", which is what lies in files() under that name.
  std::string url(const std::string& name) const;
  std::filesystem::path files() const { return directory_.path() / "files"; }
  /// What vouches for it, in PEM.
  std::filesystem::path certificate() const { return directory_.path() / "certificate.pem"; }

  /// Requests answered, and the connections on which they came.
  struct Seen {
    int requests = 0;
    int connections = 0;
  };
  Seen seen() const;

 private:
  bool start();

  base::TemporaryDirectory directory_;
  std::optional<base::Process> server_;
  int port_ = 0;
};

}  // namespace support
