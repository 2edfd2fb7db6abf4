// A server that answers every request over TLS, with a certificate that nobody vouches for unless asked to.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace support {

class TlsServer {
 public:
  /// For 127.0.0.1, or for another name.
  explicit TlsServer(const std::string& subject = "IP:127.0.0.1");
  ~TlsServer();

  /// "https://127.0.0.1:PORT/"; the answer is "hello".
  std::string url() const;
  /// Its certificate in PEM.
  void write_certificate(const std::filesystem::path& path) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace support
