#include "support/tls_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "base/fd.hpp"
#include "support/certificate.hpp"

namespace support {
namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};

}  // namespace

class TlsServer::Impl {
 public:
  explicit Impl(const std::string& subject)
      : certificate_(subject),
        context_(SSL_CTX_new(TLS_server_method())),
        socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    SSL_CTX_use_certificate(context_.get(), certificate_.certificate());
    SSL_CTX_use_PrivateKey(context_.get(), certificate_.key());
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
  const Certificate& certificate() const { return certificate_; }

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

  Certificate certificate_;
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
  impl_->certificate().write_certificate(path);
}

}  // namespace support
