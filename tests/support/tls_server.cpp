#include "support/tls_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "base/fd.hpp"

namespace support {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};

std::unique_ptr<X509, Free> self_signed(EVP_PKEY* key, const std::string& subject) {
  std::unique_ptr<X509, Free> certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  const auto* const text = reinterpret_cast<const unsigned char*>("test");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  const std::unique_ptr<X509_EXTENSION, Free> names(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject.c_str()));
  X509_add_ext(certificate.get(), names.get(), -1);
  X509_sign(certificate.get(), key, EVP_sha256());
  return certificate;
}

}  // namespace

class TlsServer::Impl {
 public:
  explicit Impl(const std::string& subject)
      : key_(EVP_RSA_gen(2048)),
        certificate_(self_signed(key_.get(), subject)),
        context_(SSL_CTX_new(TLS_server_method())),
        socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    SSL_CTX_use_certificate(context_.get(), certificate_.get());
    SSL_CTX_use_PrivateKey(context_.get(), key_.get());
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_.get(), generic, length) != 0 || ::listen(socket_.get(), 8) != 0 ||
        ::getsockname(socket_.get(), generic, &length) != 0)
      throw std::runtime_error("no port for a TLS server");
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { listen(); });
  }
  ~Impl() {
    stopping_ = true;
    ::shutdown(socket_.get(), SHUT_RDWR);
  }

  int port() const { return port_; }
  X509* certificate() const { return certificate_.get(); }

 private:
  void listen() {
    while (!stopping_) {
      const base::Fd connection(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (connection) answer(connection.get());
    }
  }
  void answer(int connection) {
    const std::unique_ptr<SSL, Free> session(SSL_new(context_.get()));
    SSL_set_fd(session.get(), connection);
    char request[4096];
    if (SSL_accept(session.get()) != 1 || SSL_read(session.get(), request, sizeof request) <= 0) return;
    constexpr std::string_view text =
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
    SSL_write(session.get(), text.data(), static_cast<int>(text.size()));
    SSL_shutdown(session.get());
  }

  std::unique_ptr<EVP_PKEY, Free> key_;
  std::unique_ptr<X509, Free> certificate_;
  std::unique_ptr<SSL_CTX, Free> context_;
  base::Fd socket_;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::jthread thread_;
};

TlsServer::TlsServer(const std::string& subject) : impl_(std::make_unique<Impl>(subject)) {}
TlsServer::~TlsServer() = default;

std::string TlsServer::url() const {
  return "https://127.0.0.1:" + std::to_string(impl_->port()) + "/";
}

void TlsServer::write_certificate(const std::filesystem::path& path) const {
  std::FILE* const file = std::fopen(path.c_str(), "w");
  if (file == nullptr || PEM_write_X509(file, impl_->certificate()) != 1 || std::fclose(file) != 0)
    throw std::runtime_error("cannot write " + path.native());
}

}  // namespace support
