// Certificates are always verified, against those of the system or the bundle that the environment names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.hpp"
#include "http/client.hpp"
#include "support/tls_server.hpp"

namespace http {
namespace {

using testing::HasSubstr;

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    for (const char* variable : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "CURL_CA_BUNDLE"})
      ::unsetenv(variable);
    ::unsetenv("SSL_CERT_FILE");
  }
  ~TlsTest() override { ::unsetenv("SSL_CERT_FILE"); }

  void trust(const support::TlsServer& server) const {
    const auto bundle = directory_.path() / "bundle.pem";
    server.write_certificate(bundle);
    ::setenv("SSL_CERT_FILE", bundle.c_str(), 1);
  }
  static std::string failure_of(const support::TlsServer& server) {
    try {
      Client client;
      return "no failure: " + client.get(server.url(), 100).body;
    } catch (const Error& error) {
      EXPECT_FALSE(error.retryable());
      return error.what();
    }
  }

  base::TemporaryDirectory directory_;
};

TEST_F(TlsTest, RefusesACertificateThatNobodyVouchesFor) {
  const support::TlsServer server;
  EXPECT_THAT(failure_of(server), HasSubstr("certificate"));
}

TEST_F(TlsTest, TakesOneOfTheBundleInTheEnvironment) {
  const support::TlsServer server;
  trust(server);
  Client client;
  EXPECT_EQ(client.get(server.url(), 100).body, "hello");
}

TEST_F(TlsTest, RefusesACertificateForAnotherName) {
  const support::TlsServer server("DNS:somewhere.example");
  trust(server);
  EXPECT_THAT(failure_of(server), HasSubstr("127.0.0.1"));
}

}  // namespace
}  // namespace http
