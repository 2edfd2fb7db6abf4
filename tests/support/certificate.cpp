#include "support/certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

namespace support {
namespace {

void sign(X509* certificate, EVP_PKEY* key, const std::string& subject) {
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* const name = X509_get_subject_name(certificate);
  const auto* const text = reinterpret_cast<const unsigned char*>("test");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* const names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject.c_str());
  X509_add_ext(certificate, names, -1);
  X509_EXTENSION_free(names);
  X509_sign(certificate, key, EVP_sha256());
}

template <typename Write>
void write_pem(const std::filesystem::path& path, const Write& write) {
  std::FILE* const file = std::fopen(path.c_str(), "w");
  if (file == nullptr || write(file) != 1 || std::fclose(file) != 0)
    throw std::runtime_error("cannot write " + path.native());
}

}  // namespace

Certificate::Certificate(const std::string& subject) : key_(EVP_RSA_gen(2048)), certificate_(X509_new()) {
  sign(certificate_.get(), key_.get(), subject);
}

void Certificate::write_key(const std::filesystem::path& path) const {
  write_pem(path, [this](std::FILE* file) {
    return PEM_write_PrivateKey(file, key(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

void Certificate::write_certificate(const std::filesystem::path& path) const {
  write_pem(path, [this](std::FILE* file) { return PEM_write_X509(file, certificate()); });
}

void Certificate::Free::operator()(EVP_PKEY* key) const {
  EVP_PKEY_free(key);
}

void Certificate::Free::operator()(X509* certificate) const {
  X509_free(certificate);
}

}  // namespace support
