// Many small answers of a server that speaks HTTP/2: all of them share a connection.
#include "client_fixture.hpp"
#include "support/http2_server.hpp"

namespace http {
namespace {

class Http2 : public ClientTest {
 protected:
  Http2() {
    for (std::size_t i = 0; i < count; ++i)
      support::write_file(server_.files() / name(i), "{\"number\":" + std::to_string(i) + "}");
    ::setenv("SSL_CERT_FILE", server_.certificate().c_str(), 1);
  }
  ~Http2() override { ::unsetenv("SSL_CERT_FILE"); }

  static constexpr std::size_t count = 300;
  static std::string name(std::size_t i) { return "record-" + std::to_string(i) + ".json"; }

  support::Http2Server server_;
};

TEST_F(Http2, ManyShareOneConnection) {
  std::vector<std::string> bodies(count + 1);
  ManyRequests requests;
  requests.count = bodies.size();
  requests.url = [this](std::size_t i) { return server_.url(name(i)); };
  requests.take = [&](std::size_t i, const Response& answer) {
    bodies[i] += std::to_string(answer.status) + (answer.status == 200 ? answer.body : "");
  };
  Client client(settings_);
  client.get_many(requests);
  for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(bodies[i], "200{\"number\":" + std::to_string(i) + "}");
  EXPECT_EQ(bodies[count], "404");
  EXPECT_EQ(server_.seen().requests, 301);
  EXPECT_EQ(server_.seen().connections, 1);
}

TEST_F(Http2, AFileIsDownloaded) {
  Client client(settings_);
  Download download{.url = server_.url(name(7)), .path = file()};
  EXPECT_TRUE(client.download(download).complete);
  EXPECT_EQ(content(), R"({"number":7})");
}

}  // namespace
}  // namespace http
