// Credentials for buckets that are not public, against a server that asks for them.
#include "fetch/google_credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>

#include "base/signature.hpp"
#include "support/zip_builder.hpp"
#include "unit/fetch/live_fixture.hpp"
#include "unit/fetch/zip_fixture.hpp"

namespace fetch {
namespace {

using support::HttpAnswer;
using support::HttpRequest;
using support::HttpServer;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};

std::string pem_of(EVP_PKEY* key) {
  const std::unique_ptr<BIO, Free> out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string from_base64url(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (text.size() % 4 != 0) text += '=';
  return base::from_base64(text).value();
}

class GoogleCredentialsTest : public LiveTest {
 protected:
  GoogleCredentialsTest() {
    use(server_);
    settings_.osv_http_url = support::dead_url();
    bucket_.content = support::zip_of({{"GO-1.json", "{1}"}});
    bucket_.list = "2024-01-01T00:00:00Z,Go/GO-1\n";
    bucket_.records["Go/GO-1.json"] = "{2}";
    bucket_.authorization = "Bearer token-1";
  }

  HttpAnswer answer(const HttpRequest& request) {
    if (request.path() == "/token") {
      form_ = request.body;
      return token_;
    }
    if (request.path() == "/computeMetadata/v1/instance/service-accounts/default/token")
      return request.field("metadata-flavor") == "Google" ? token_ : HttpAnswer{.status = 403};
    return bucket_(request);
  }
  void write_credentials(const std::string& json) {
    settings_.google.file = support::write_file(directory_.path() / "credentials.json", json);
  }

  support::OsvBucket bucket_;
  HttpAnswer token_{.body = R"({"access_token":"token-1","expires_in":3599,"token_type":"Bearer"})"};
  std::string form_;
  HttpServer server_{[this](const HttpRequest& request) { return answer(request); }};
};

TEST_F(GoogleCredentialsTest, AreNotNeededForAPublicBucket) {
  bucket_.authorization.clear();
  EXPECT_EQ(open("osv").route, "gcs");
  for (const HttpRequest& request : server_.requests()) EXPECT_EQ(request.field("authorization"), "");
}

TEST_F(GoogleCredentialsTest, OfAServiceAccountAreASignedAssertion) {
  const std::unique_ptr<EVP_PKEY, Free> key(EVP_RSA_gen(2048));
  std::string pem = pem_of(key.get());
  for (std::size_t at = 0; (at = pem.find('\n', at)) != std::string::npos; at += 2) pem.replace(at, 1, "\\n");
  write_credentials(R"({"type":"service_account","client_email":"me@project.example","private_key_id":"k1",)"
                    R"("private_key":")" +
                    pem + R"(","token_uri":")" + server_.url("/token") + "\"}");
  EXPECT_EQ(open("osv").route, "gcs");
  const std::string start = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
  ASSERT_THAT(form_, StartsWith(start));
  const std::string token = form_.substr(start.size());
  const std::size_t second = token.rfind('.');
  const std::string text = token.substr(0, second);
  EXPECT_EQ(from_base64url(text.substr(0, text.find('.'))), R"({"alg":"RS256","kid":"k1","typ":"JWT"})");
  EXPECT_THAT(
      from_base64url(text.substr(text.find('.') + 1)),
      HasSubstr(
          R"("iss":"me@project.example","scope":"https://www.googleapis.com/auth/devstorage.read_only")"));
  const std::string signature = from_base64url(token.substr(second + 1));
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
  EXPECT_EQ(
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size()),
      1);
}

TEST_F(GoogleCredentialsTest, OfAUserAreARefreshTokenAndServeEveryRequest) {
  write_credentials(
      R"({"type":"authorized_user","client_id":"id","client_secret":"s&c","refresh_token":"r/t",)"
      R"("token_uri":")" +
      server_.url("/token") + "\"}");
  const Fetched whole = open("osv");
  EXPECT_EQ(whole.route, "gcs");
  EXPECT_EQ(form_, "grant_type=refresh_token&client_id=id&client_secret=s%26c&refresh_token=r%2Ft");
  Request asked = request("osv", whole.fingerprint);
  bucket_.list = "2024-02-01T00:00:00Z,Go/GO-1\n";
  ++bucket_.list_generation;
  asked.for_each_stored = [](const TakeStored& take) { take("GO-1", 0); };
  EXPECT_EQ(contents(open_live(asked, settings_)), (Contents{{"GO-1.json", "{2}"}}));
}

TEST_F(GoogleCredentialsTest, ComeFromTheMetadataServer) {
  settings_.google.metadata_host = server_.url().substr(std::string("http://").size());
  EXPECT_EQ(open("osv").route, "gcs");
}

TEST_F(GoogleCredentialsTest, ThatAreOfNoUseAreNamedAndPlainHttpIsTried) {
  settings_.osv_http_url = server_.url("/plain");
  write_credentials(R"({"type":"external_account","private_key":"SECRET"})");
  const Fetched fetched = open("osv");
  EXPECT_EQ(fetched.route, "http");
  EXPECT_THAT(fetched.route_reason, HasSubstr("credentials.json (GOOGLE_APPLICATION_CREDENTIALS)"));
  EXPECT_THAT(fetched.route_reason, Not(HasSubstr("SECRET")));
  write_credentials(R"({"type":"service_account","private_key":"SECRET"})");
  const Fetched again = open("osv");
  EXPECT_THAT(again.route_reason, HasSubstr("no RSA key"));
  EXPECT_THAT(again.route_reason, Not(HasSubstr("SECRET")));
}

}  // namespace
}  // namespace fetch
