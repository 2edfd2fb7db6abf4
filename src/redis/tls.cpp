#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <poll.h>

#include <algorithm>
#include <string>

#include "redis/error.hpp"
#include "redis/stream.hpp"

namespace redis {

namespace {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSession {
  void operator()(SSL* session) const { SSL_free(session); }
};

std::string openssl_reason() {
  char text[256];
  const unsigned long code = ERR_get_error();
  if (code == 0) return "the connection was closed";
  ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return text;
}

class Tls : public Stream {
 public:
  Tls(std::unique_ptr<Stream> plain, const Settings& settings, Deadline deadline)
      : plain_(std::move(plain)), name_(settings.name()), context_(SSL_CTX_new(TLS_client_method())) {
    if (!context_) fail("set up", openssl_reason());
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_default_verify_paths(context_.get());
    if (!settings.ca_file.empty() && SSL_CTX_load_verify_file(context_.get(), settings.ca_file.c_str()) != 1)
      fail("read the certificates of " + settings.ca_file.string(), openssl_reason());
    session_.reset(SSL_new(context_.get()));
    if (!session_ || SSL_set_fd(session_.get(), plain_->descriptor()) != 1) fail("set up", openssl_reason());
    expect_name(settings.host);
    step([this] { return SSL_connect(session_.get()); }, deadline, "the handshake takes too long");
  }

  void write(std::string_view bytes, Deadline deadline) override {
    while (!bytes.empty()) {
      const int sent = step(
          [&] {
            return SSL_write(session_.get(), bytes.data(), static_cast<int>(std::min(bytes.size(), chunk)));
          },
          deadline, "it takes nothing in");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  std::size_t read(char* buffer, std::size_t size, Deadline deadline) override {
    return static_cast<std::size_t>(
        step([&] { return SSL_read(session_.get(), buffer, static_cast<int>(std::min(size, chunk))); },
             deadline, nullptr));
  }

  int descriptor() const override { return plain_->descriptor(); }

 private:
  static constexpr std::size_t chunk = std::size_t{1} << 20;

  // The certificate has to be for the name or the address that was asked for (RFC 6125).
  void expect_name(const std::string& host) {
    X509_VERIFY_PARAM* const checks = SSL_get0_param(session_.get());
    if (X509_VERIFY_PARAM_set1_ip_asc(checks, host.c_str()) == 1) return;
    // What the macro SSL_set_tlsext_host_name does, without its C cast.
    SSL_ctrl(session_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(host.c_str()));  // NOLINT(*-const-cast): it is copied
    if (SSL_set1_host(session_.get(), host.c_str()) != 1) fail("set up", openssl_reason());
  }

  // Repeats a call of OpenSSL until it is done; 0 when the time is up and `too_slow` is null.
  template <typename Call>
  int step(const Call& call, Deadline deadline, const char* too_slow) {
    for (;;) {
      ERR_clear_error();
      const int done = call();
      if (done > 0) return done;
      const int error = SSL_get_error(session_.get(), done);
      if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) fail("talk", why_not());
      const short events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
      if (wait_for(plain_->descriptor(), events, deadline)) continue;
      if (too_slow == nullptr) return 0;
      fail("talk", too_slow);
    }
  }

  std::string why_not() const {
    const long verdict = SSL_get_verify_result(session_.get());
    if (verdict == X509_V_OK) return openssl_reason();
    return std::string("its certificate is not trusted: ") + X509_verify_cert_error_string(verdict) +
           "; name its authority with rediss://...?cacert=FILE or SSL_CERT_FILE";
  }

  [[noreturn]] void fail(const std::string& what, const std::string& why) const {
    throw Error("cannot " + what + " TLS with " + name_ + ": " + why);
  }

  std::unique_ptr<Stream> plain_;
  std::string name_;
  std::unique_ptr<SSL_CTX, FreeContext> context_;
  std::unique_ptr<SSL, FreeSession> session_;
};

}  // namespace

std::unique_ptr<Stream> start_tls(std::unique_ptr<Stream> plain, const Settings& settings,
                                  Stream::Deadline deadline) {
  return std::make_unique<Tls>(std::move(plain), settings, deadline);
}

}  // namespace redis
