// Small answers, retries, redirects, proxies: what holds for every request.
#include "http/client.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "base/process.hpp"
#include "base/version.hpp"
#include "unit/http/client_fixture.hpp"

namespace http {
namespace {

using support::HttpAnswer;
using support::HttpRequest;
using support::HttpServer;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t limit = 1000;

TEST_F(ClientTest, GetsAnAnswerWithItsFields) {
  const HttpServer server(script({{.body = "hello", .fields = {{"X-Some", "a"}, {"x-some", " b "}}}}));
  Client client(settings_);
  const Response response = client.get(server.url("/a?b=c"), limit, {{"If-None-Match", "\"x\""}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hello");
  EXPECT_EQ(response.headers.get("x-some"), "a, b");
  EXPECT_EQ(response.headers.get("x-other"), "");
  const HttpRequest request = server.requests().at(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target, "/a?b=c");
  EXPECT_EQ(request.field("if-none-match"), "\"x\"");
  EXPECT_THAT(request.field("user-agent"), HasSubstr("vuln-datasync/" + std::string(base::version)));
}

TEST_F(ClientTest, UsesItsConnectionAgain) {
  const HttpServer server(script({{.body = "hello"}}));
  Client client(settings_);
  for (int i = 0; i < 3; ++i) client.get(server.url(), limit);
  EXPECT_EQ(server.requests().size(), 3U);
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(ClientTest, HandsOverNotModified) {
  const HttpServer server(script({{.status = 304}}));
  Client client(settings_);
  EXPECT_EQ(client.get(server.url(), limit).status, 304);
}

TEST_F(ClientTest, DoesNotRepeatWhatCannotSucceed) {
  for (const int status : {400, 401, 403, 404, 410, 412}) {
    const HttpServer server(script({{.status = status, .body = "no"}}));
    Client client(settings_);
    const auto [message, found] = failure_of([&] { client.get(server.url("/x"), limit); });
    EXPECT_EQ(found, status);
    EXPECT_THAT(message, AllOf(HasSubstr(server.url("/x")), HasSubstr(std::to_string(status))));
    EXPECT_EQ(server.requests().size(), 1U) << status;
  }
}

TEST_F(ClientTest, RepeatsWhatMayPass) {
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    const HttpServer server(script({{.status = status}, {.status = status}, {.body = "there"}}));
    Client client(settings_);
    EXPECT_EQ(client.get(server.url(), limit).body, "there") << status;
  }
}

TEST_F(ClientTest, GivesUpInTheEnd) {
  const HttpServer server(script({{.status = 500}}));
  Client client(settings_);
  try {
    client.get(server.url(), limit);
    FAIL() << "an answer of status 500 was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), 500);
    EXPECT_TRUE(error.retryable());
    EXPECT_THAT(error.what(), HasSubstr("(3 attempts)"));
  }
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST_F(ClientTest, WaitsAsLongAsTheServerAsks) {
  const HttpServer server(script({{.status = 429, .fields = {{"Retry-After", "77"}}},
                                  {.status = 503, .fields = {{"Retry-After", "66"}}},
                                  {.body = "there"}}));
  Client client(settings_);
  EXPECT_EQ(client.get(server.url(), limit).body, "there");
  EXPECT_THAT(waits_, ElementsAre(std::chrono::seconds(77), std::chrono::seconds(66)));
}

TEST_F(ClientTest, DoesNotWaitForHours) {
  const HttpServer server(script({{.status = 503, .fields = {{"Retry-After", "7200"}}}}));
  Client client(settings_);
  const auto [message, status] = failure_of([&] { client.get(server.url(), limit); });
  EXPECT_EQ(status, 503);
  EXPECT_THAT(message, HasSubstr("7200 seconds"));
  EXPECT_TRUE(waits_.empty());
}

TEST_F(ClientTest, WaitsLongerEachTime) {
  settings_.first_delay = Milliseconds(100);
  const HttpServer server(script({{.status = 500}}));
  Client client(settings_);
  failure_of([&] { client.get(server.url(), limit); });
  ASSERT_EQ(waits_.size(), 2U);
  EXPECT_GE(waits_[0].count(), 50);
  EXPECT_LE(waits_[0].count(), 100);
  EXPECT_GE(waits_[1].count(), 100);
  EXPECT_LE(waits_[1].count(), 200);
}

TEST_F(ClientTest, RefusesALargeAnswer) {
  const HttpServer server(script({{.body = std::string(limit + 1, 'x')}}));
  Client client(settings_);
  EXPECT_THAT(failure_of([&] { client.get(server.url(), limit); }).first, HasSubstr("more than 1000 bytes"));
  EXPECT_EQ(client.get(server.url(), limit + 1).body.size(), limit + 1);
}

TEST_F(ClientTest, NamesAConnectionThatIsRefused) {
  Client client(settings_);
  const auto [message, status] = failure_of([&] { client.get(support::dead_url(), limit); });
  EXPECT_EQ(status, 0);
  EXPECT_THAT(message, HasSubstr("127.0.0.1"));
  EXPECT_EQ(waits_.size(), 2U);
}

TEST_F(ClientTest, NamesAHostThatIsUnknown) {
  Client client(settings_);
  const auto [message, status] = failure_of([&] { client.get("http://no-such-host.invalid/", limit); });
  EXPECT_EQ(status, 0);
  EXPECT_THAT(message, HasSubstr("no-such-host.invalid"));
}

TEST_F(ClientTest, RefusesAServerThatSpeaksNoTls) {
  const HttpServer server(script({{.body = "plain"}}));
  Client client(settings_);
  const auto [message, status] = failure_of([&] { client.get("https" + server.url().substr(4), limit); });
  EXPECT_EQ(status, 0);
  EXPECT_THAT(message, HasSubstr("https://127.0.0.1"));
}

// A TLS server whose certificate it signed itself (openssl(1), s_server).
class UntrustedServer {
 public:
  explicit UntrustedServer(const std::filesystem::path& directory) : server_(start(directory)) {
    std::string text;
    char buffer[256];
    while (text.find('\n', text.find("ACCEPT")) == std::string::npos) {
      const std::size_t length = base::read_some(server_.output(), buffer, sizeof buffer, "openssl");
      if (length == 0) break;
      text.append(buffer, length);
    }
    port_ = std::to_string(std::stoi(text.substr(text.rfind(':') + 1)));
  }
  UntrustedServer(const UntrustedServer&) = delete;
  UntrustedServer& operator=(const UntrustedServer&) = delete;
  ~UntrustedServer() { server_.terminate(std::chrono::seconds(1)); }

  std::string url() const { return "https://localhost:" + port_ + "/"; }

 private:
  static base::Process start(const std::filesystem::path& directory) {
    const std::string key = directory / "key.pem";
    const std::string certificate = directory / "certificate.pem";
    base::run({{"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                key, "-out", certificate}});
    base::Command command{
        {"openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-key", key, "-cert", certificate}};
    command.input = base::Stream::pipe();
    command.output = base::Stream::pipe();
    command.error = base::Stream::null();
    return base::Process(command);
  }

  base::Process server_;
  std::string port_;
};

TEST_F(ClientTest, RefusesAnUntrustedCertificate) {
  const UntrustedServer server(directory_.path());
  {
    Client client(settings_);
    const auto [message, status] = failure_of([&] { client.get(server.url(), limit); });
    EXPECT_EQ(status, 0);
    EXPECT_THAT(message, HasSubstr("certificate"));
  }
  // The same server, once its certificate is trusted: that alone was the reason.
  const char* const before = std::getenv("SSL_CERT_FILE");
  const std::string kept = before != nullptr ? before : "";
  ::setenv("SSL_CERT_FILE", (directory_.path() / "certificate.pem").c_str(), 1);
  Client client(settings_);
  EXPECT_THAT(client.get(server.url(), 1 << 20).body, HasSubstr("HTML"));
  ::setenv("SSL_CERT_FILE", kept.c_str(), 1);
}

TEST_F(ClientTest, RepeatsAfterABrokenAnswer) {
  const HttpServer server(script({{.body = "hello", .break_after = 2},
                                  {.body = "hello", .break_after = 2, .reset = true},
                                  {.body = "hello"}}));
  Client client(settings_);
  EXPECT_EQ(client.get(server.url(), limit).body, "hello");
}

TEST_F(ClientTest, GivesUpOnAServerThatDrips) {
  settings_.attempts = 1;
  settings_.stall_timeout = std::chrono::seconds(1);
  const HttpServer server(script({{.body = std::string(500, 'x'), .drip = true}}));
  Client client(settings_);
  EXPECT_THAT(failure_of([&] { client.get(server.url(), limit); }).first, HasSubstr("too slow"));
}

TEST_F(ClientTest, FollowsAFewRedirects) {
  const auto redirect = [](const HttpRequest& request) {
    const int left = std::stoi(request.target.substr(1));
    if (left == 0) return HttpAnswer{.body = "there"};
    return HttpAnswer{.status = 302, .body = "x", .fields = {{"Location", "/" + std::to_string(left - 1)}}};
  };
  const HttpServer server(redirect);
  Client client(settings_);
  EXPECT_EQ(client.get(server.url("/5"), limit).body, "there");
  EXPECT_THAT(failure_of([&] { client.get(server.url("/6"), limit); }).first, HasSubstr("redirect"));
}

TEST_F(ClientTest, FollowsNoRedirectOutOfTheWeb) {
  for (const char* location : {"file:///etc/hostname", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x"}) {
    const HttpServer server(script({{.status = 302, .fields = {{"Location", location}}}}));
    Client client(settings_);
    const auto [message, status] = failure_of([&] { client.get(server.url(), limit); });
    EXPECT_EQ(status, 0) << location;
    EXPECT_THAT(message, HasSubstr("rotocol")) << location;
  }
}

TEST_F(ClientTest, TakesNoAddressOutsideOfTheWeb) {
  Client client(settings_);
  EXPECT_THAT(failure_of([&] { client.get("file:///etc/hostname", limit); }).first, HasSubstr("rotocol"));
}

TEST_F(ClientTest, GoesThroughAProxyOfTheEnvironment) {
  const HttpServer proxy(script({{.body = "through the proxy"}}));
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  Client client(settings_);
  EXPECT_EQ(client.get("http://example.invalid/x", limit).body, "through the proxy");
  ::unsetenv("http_proxy");
  EXPECT_EQ(proxy.requests().at(0).target, "http://example.invalid/x");
}

TEST_F(ClientTest, HidesPasswords) {
  const HttpServer server(script({{.status = 404}}));
  Client client(settings_);
  const std::string url = "http://me:secret@" + server.url().substr(7);
  EXPECT_THAT(failure_of([&] { client.get(url, limit); }).first, testing::Not(HasSubstr("secret")));
}

TEST_F(ClientTest, StopsInMidTransfer) {
  std::stop_source source;
  const HttpServer server([&](const HttpRequest&) {
    source.request_stop();
    return HttpAnswer{.body = std::string(500, 'x'), .drip = true};
  });
  Client client(settings_, source.get_token());
  EXPECT_THAT(failure_of([&] { client.get(server.url(), limit); }).first, HasSubstr("interrupted"));
  EXPECT_EQ(server.requests().size(), 1U);
}

class GetMany : public ClientTest {
 protected:
  /// Status and body of each answer, one after the other where it was handed over twice.
  std::vector<std::string> get(const HttpServer& server, std::size_t count) {
    std::vector<std::string> answers(count);
    ManyRequests requests;
    requests.count = count;
    requests.url = [&](std::size_t i) { return server.url("/" + std::to_string(i)); };
    requests.limit = limit;
    requests.take = [&](std::size_t i, const Response& answer) {
      answers[i] += std::to_string(answer.status) + answer.body;
    };
    Client client(settings_);
    client.get_many(requests);
    return answers;
  }
  static int number(const HttpRequest& request) { return std::stoi(request.target.substr(1)); }
};

TEST_F(GetMany, HandsOverEachAnswerOnce) {
  const HttpServer server([](const HttpRequest& request) { return HttpAnswer{.body = request.target}; });
  const auto answers = get(server, 300);
  for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i], "200/" + std::to_string(i));
  EXPECT_EQ(server.requests().size(), 300U);
  EXPECT_LE(server.connections(), 8U);
  EXPECT_TRUE(get(server, 0).empty());
}

TEST_F(GetMany, TakesWhatIsNotFoundForAnAnswer) {
  const HttpServer server(
      [](const HttpRequest& request) { return HttpAnswer{.status = number(request) % 2 == 0 ? 200 : 404}; });
  EXPECT_THAT(get(server, 4), ElementsAre("200", "404", "200", "404"));
}

TEST_F(GetMany, PausesAllWhenOneIsTooMany) {
  int refused = 0;
  const HttpServer server([&](const HttpRequest& request) {
    if (number(request) < 5 && refused++ < 10)
      return HttpAnswer{.status = 429, .fields = {{"Retry-After", "7"}}};
    return HttpAnswer{.body = "x"};
  });
  EXPECT_THAT(get(server, 100), testing::Each("200x"));
  EXPECT_FALSE(waits_.empty());
  EXPECT_THAT(waits_, testing::Each(std::chrono::seconds(7)));
}

TEST_F(GetMany, GivesUpOnOneThatNeverComes) {
  const HttpServer server(
      [](const HttpRequest& request) { return HttpAnswer{.status = number(request) == 3 ? 500 : 200}; });
  EXPECT_THAT(get(server, 5), ElementsAre("200", "200", "200", "500", "200"));
}

TEST_F(GetMany, GivesUpOnAServerThatIsDown) {
  const HttpServer server(
      [](const HttpRequest& request) { return HttpAnswer{.status = number(request) < 50 ? 200 : 503}; });
  EXPECT_EQ(failure_of([&] { get(server, 2000); }).second, 503);
  EXPECT_LT(server.requests().size(), 1000U);
}

TEST_F(GetMany, RefusesALargeAnswer) {
  const HttpServer server(script({{.body = std::string(limit + 1, 'x')}}));
  EXPECT_THAT(failure_of([&] { get(server, 1); }).first, HasSubstr("more than 1000 bytes"));
}

TEST(GoogleHash, ReadsTheChecksum) {
  EXPECT_EQ(crc32c_from_base64("4waSgw=="), 0xE3069283);
  EXPECT_EQ(crc32c_from_base64("AAAAAA=="), 0U);
  EXPECT_EQ(crc32c_of_hash_field("crc32c=4waSgw==,md5=1B2M2Y8AsgTpgAmY7PhCfg=="), 0xE3069283);
  EXPECT_EQ(crc32c_of_hash_field("md5=1B2M2Y8AsgTpgAmY7PhCfg==, crc32c=4waSgw=="), 0xE3069283);
}

TEST(GoogleHash, TakesNothingElse) {
  for (const char* text : {"", "4waSgw", "4waSgw=", "4waSg===", "4waSg!==", "4waSgx==", "4waSgw==x"})
    EXPECT_EQ(crc32c_from_base64(text), std::nullopt) << text;
  EXPECT_EQ(crc32c_of_hash_field("md5=1B2M2Y8AsgTpgAmY7PhCfg=="), std::nullopt);
}

}  // namespace
}  // namespace http
