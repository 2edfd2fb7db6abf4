// A key and the certificate that it signed itself.
#pragma once

#include <openssl/types.h>

#include <filesystem>
#include <memory>
#include <string>

namespace support {

class Certificate {
 public:
  /// `subject` as in the certificate's subjectAltName: "IP:127.0.0.1" or "DNS:name.example".
  explicit Certificate(const std::string& subject);

  EVP_PKEY* key() const { return key_.get(); }
  X509* certificate() const { return certificate_.get(); }
  /// In PEM.
  void write_key(const std::filesystem::path& path) const;
  void write_certificate(const std::filesystem::path& path) const;

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const;
    void operator()(X509* certificate) const;
  };

  std::unique_ptr<EVP_PKEY, Free> key_;
  std::unique_ptr<X509, Free> certificate_;
};

}  // namespace support
