// The HTTP server over a real database and real sockets.
#include "api/server.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <thread>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/zstd.hpp"
#include "pg/migrations.hpp"
#include "support/eventually.hpp"
#include "support/http_client.hpp"
#include "support/sync_scenario.hpp"

namespace api {
namespace {

using support::osv_record;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view some_day = "2024-01-01T00:00:00Z";

class HttpApi : public testing::Test {
 protected:
  HttpApi() {
    world_.osv["GHSA-aaaa-bbbb-cccc"] = osv_record(
        "GHSA-aaaa-bbbb-cccc", some_day, R"("aliases":["CVE-2024-0001"],"summary":"A Log4j of sorts")");
    world_.osv["GO-2024-0007"] = osv_record("GO-2024-0007", "2024-02-01T00:00:00Z", R"("summary":"Alone")");
    world_.sync();
    Settings settings;
    settings.port = 0;
    settings.database = [this] { return world_.database(); };
    settings.pool.max_connections = 4;
    settings.pool.min_connections = 1;
    settings.exports = exports_.path();
    server_.emplace(settings);
    server_->start();
  }

  std::string send(const std::string& bytes) { return support::send_bytes(server_->port(), bytes); }
  std::string get(const std::string& target, const std::string& fields = {}) {
    return send("GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + fields + "\r\n");
  }
  static std::string body(const std::string& answer) { return support::body_of(answer); }

  support::SyncScenario world_;
  base::TemporaryDirectory exports_;
  std::optional<Server> server_;
};

TEST_F(HttpApi, FindsAVulnerabilityByAnyAliasWithItsHash) {
  const std::string answer = get("/api/v1/vulnerabilities/GHSA-aaaa-bbbb-cccc");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(body(answer), StartsWith(R"({"aliases":["GHSA-aaaa-bbbb-cccc"],)"));
  const std::string etag = "\"" + base::to_hex(base::sha256(body(answer))) + "\"";
  EXPECT_THAT(answer, HasSubstr("ETag: " + etag));
  EXPECT_EQ(body(get("/v1/vulns/CVE-2024-0001")), body(answer));
  EXPECT_THAT(get("/v1/vulns/CVE-2024-0001", "If-None-Match: " + etag + "\r\n"), StartsWith("HTTP/1.1 304 "));
  EXPECT_THAT(get("/v1/vulns/CVE-1999-9999"), StartsWith("HTTP/1.1 404 Not Found\r\n"));
}

TEST_F(HttpApi, SearchesByPagesAndWords) {
  const std::string first = body(get("/api/v1/vulnerabilities?limit=1"));
  EXPECT_THAT(first, HasSubstr(R"("id":"GO-2024-0007")"));
  const std::size_t at = first.find(R"("next_cursor":")") + 15;
  const std::string cursor = first.substr(at, first.find('"', at) - at);
  const std::string second = body(get("/api/v1/vulnerabilities?limit=1&cursor=" + cursor));
  EXPECT_THAT(second, HasSubstr(R"("id":"CVE-2024-0001")"));
  EXPECT_THAT(second, HasSubstr(R"("next_cursor":null)"));
  for (const char* q : {"log4j+sorts", "ghsa-aaaa", "cve-2024-00", "0001"})
    EXPECT_THAT(body(get("/api/v1/vulnerabilities?q=" + std::string(q))),
                HasSubstr(R"("id":"CVE-2024-0001")"))
        << q;
  EXPECT_EQ(body(get("/api/v1/vulnerabilities?q=nothing")), R"({"items":[],"next_cursor":null})");
  EXPECT_THAT(get("/api/v1/vulnerabilities?ecosytem=npm"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(HttpApi, NeverServesWhatChangedASecondAgo) {
  EXPECT_THAT(body(get("/v1/vulns/GO-2024-0007")), HasSubstr("Alone"));
  EXPECT_THAT(body(get("/v1/vulns/GO-2024-0007")), HasSubstr("Alone"));
  world_.osv["GO-2024-0007"] = osv_record("GO-2024-0007", "2024-03-01T00:00:00Z", R"("summary":"Changed")");
  world_.sync();
  std::this_thread::sleep_for(std::chrono::seconds(1));
  EXPECT_THAT(body(get("/v1/vulns/GO-2024-0007")), HasSubstr("Changed"));
}

TEST_F(HttpApi, HoldsAReaderOfTheFeedUntilSomethingChanges) {
  const std::string all = body(get("/api/v1/changes?after=0"));
  EXPECT_THAT(all, HasSubstr(R"("has_more":false)"));
  EXPECT_THAT(all, HasSubstr(R"("next_cursor":2)"));
  std::string held;
  std::jthread reader([&] { held = body(get("/api/v1/changes?after=2&wait=60&include=document")); });
  world_.osv["GO-2024-0007"] = osv_record("GO-2024-0007", "2024-03-01T00:00:00Z", R"("summary":"Changed")");
  world_.sync();
  reader.join();
  EXPECT_THAT(held, HasSubstr(R"("kind":"updated")"));
  EXPECT_THAT(held, HasSubstr(R"("summary":"Changed")"));
}

TEST_F(HttpApi, SendsAReaderWhoseChangesAreGoneToASnapshotThatItCanFollow) {
  pg::Connection connection(world_.database());
  connection.exec("DELETE FROM changes WHERE cursor = 1");
  const auto gone = [this](const std::string& query) {
    const std::string answer = get("/api/v1/changes?" + query);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 410 Gone\r\n"));
    return body(answer);
  };
  EXPECT_THAT(gone("after=0"), HasSubstr(R"("snapshot":null)"));
  // Two to go on from, of a state whose next change is gone, of another feed, removed, and in another
  // directory.
  connection.exec(
      "INSERT INTO exports (version, state, formats, location, manifest) "
      "SELECT v.version, v.state, '{jsonl}', 'here:' || v.directory, jsonb_build_object('feed_id', "
      "coalesce(v.feed, "
      "f.feed_id::text), "
      "'changes_cursor', v.at) FROM feed f, (VALUES ('20240101T000000Z', 'published', '/exports', NULL, 1), "
      "('20240102T000000Z', 'published', '/exports', NULL, 2), ('20240103T000000Z', 'published', '/exports', "
      "NULL, 0), "
      "('20240104T000000Z', 'published', '/exports', 'f', 2), ('20240105T000000Z', 'removed', '/exports', "
      "NULL, 2), "
      "('20240106T000000Z', 'published', '/elsewhere', NULL, 2)) v (version, state, directory, feed, at)");
  connection.query("UPDATE exports SET location = 'here:' || $1 WHERE location = 'here:/exports'",
                   std::filesystem::canonical(exports_.path()).string());
  EXPECT_THAT(gone("after=0"), HasSubstr(R"("snapshot":"20240102T000000Z")"));
  EXPECT_THAT(body(get("/api/v1/exports")), testing::Not(HasSubstr("20240106T000000Z")));
  EXPECT_THAT(gone("after=2&feed_id=f"), HasSubstr(R"("snapshot":"20240102T000000Z")"));
  connection.exec("DELETE FROM exports WHERE version = '20240102T000000Z'");
  EXPECT_THAT(gone("after=0"), HasSubstr(R"("snapshot":"20240101T000000Z")"));
  connection.exec("DELETE FROM changes");
  EXPECT_THAT(gone("after=0"), HasSubstr(R"("snapshot":null)"));
}

TEST_F(HttpApi, RefusesWhatIsNoRequestAndSaysWhy) {
  EXPECT_THAT(send("nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(send("GET / HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(get("/%00"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(get("/" + std::string(9000, 'x')), StartsWith("HTTP/1.1 414 "));
  EXPECT_THAT(get("/livez", "X: " + std::string(17000, 'x') + "\r\n"), StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(send("POST /livez HTTP/1.1\r\nHost: h\r\nContent-Length: 999999\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(send("DELETE /livez HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
              HasSubstr("Allow: GET, HEAD, OPTIONS"));
}

TEST_F(HttpApi, AnswersPipelinedRequestsInOrder) {
  const std::string answers = send(
      "GET /livez HTTP/1.1\r\nHost: h\r\n\r\nHEAD /readyz HTTP/1.1\r\nHost: h\r\n\r\n"
      "GET /nowhere HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const std::size_t first = answers.find("HTTP/1.1 200");
  const std::size_t second = answers.find("HTTP/1.1 200", first + 1);
  EXPECT_EQ(first, 0U);
  EXPECT_LT(second, answers.find("HTTP/1.1 404"));
}

TEST_F(HttpApi, CompressesALargeAnswerAndChangesNothingOfIt) {
  world_.osv["GO-2024-0008"] =
      osv_record("GO-2024-0008", some_day, R"("details":")" + std::string(200'000, 'x') + '"');
  world_.sync();
  const std::string plain = body(get("/v1/vulns/GO-2024-0008"));
  EXPECT_GT(plain.size(), 200'000U);
  const std::string answer = get("/v1/vulns/GO-2024-0008", "Accept-Encoding: zstd\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Encoding: zstd\r\n"));
  EXPECT_LT(answer.size(), 2000U);
  base::ZstdDecompressor decompressor;
  std::string unpacked;
  decompressor.decompress(body(answer), nullptr, plain.size(), unpacked);
  EXPECT_EQ(unpacked, plain);
  const std::string hash = base::to_hex(base::sha256(plain));
  const std::string unchanged =
      get("/v1/vulns/GO-2024-0008", "Accept-Encoding: zstd\r\nIf-None-Match: \"" + hash + "-zstd\"\r\n");
  EXPECT_THAT(unchanged, StartsWith("HTTP/1.1 304 "));
  for (const std::string* const same : {&answer, &unchanged}) {
    EXPECT_THAT(*same, HasSubstr("ETag: \"" + hash + "-zstd\"\r\n"));
    EXPECT_THAT(*same, HasSubstr("Vary: Accept-Encoding\r\n"));
  }
}

TEST_F(HttpApi, TellsHowItIs) {
  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(body(get("/health")), HasSubstr(R"("source":"osv")"));
  EXPECT_THAT(body(get("/health")), HasSubstr(R"("queue":{"error":"cannot connect to Redis)"));
  EXPECT_THAT(body(get("/api/v1/stats")), HasSubstr(R"("total":2)"));
  const std::string metrics = body(get("/metrics"));
  EXPECT_THAT(metrics, HasSubstr("vulndatasync_build_info{version="));
  EXPECT_THAT(metrics, HasSubstr("vulndatasync_records_total{source=\"osv\",outcome=\"inserted\"} 2\n"));
  EXPECT_THAT(metrics, HasSubstr("vulndatasync_source_last_success_timestamp_seconds{source=\"osv\"} "));
}

TEST_F(HttpApi, CountsTheRunsOfADatabaseThatWasMadeAnew) {
  const std::string counted = "vulndatasync_records_total{source=\"osv\",outcome=\"inserted\"} ";
  EXPECT_THAT(body(get("/metrics")), HasSubstr(counted + "2\n"));
  pg::Connection connection(world_.database());
  pg::Migrator(connection).reset();
  world_.osv.erase("GO-2024-0007");
  world_.sync();
  EXPECT_THAT(body(get("/metrics")), HasSubstr(counted + "1\n"));
}

TEST_F(HttpApi, SendsDownloadsOfTheLatestSnapshotToItsVersion) {
  std::filesystem::create_symlink("20240501T120000Z", exports_.path() / "latest");
  EXPECT_THAT(get("/api/v1/exports/latest/osv/GitHub%20Actions/all.zip"),
              HasSubstr("Location: /api/v1/exports/20240501T120000Z/osv/GitHub%20Actions/all.zip\r\n"));
}

TEST_F(HttpApi, SaysWhatTheServerKnows) {
  const std::string answer = send("OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 204 "));
  EXPECT_THAT(answer, HasSubstr("Allow: GET, HEAD, POST, OPTIONS\r\n"));
  EXPECT_THAT(send("OPTIONS /livez HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
              HasSubstr("Allow: GET, HEAD, OPTIONS\r\n"));
  EXPECT_THAT(send("GET * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(HttpApi, SaysOnceThatConnectionsCannotBeAccepted) {
  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 200 "));
  std::vector<base::Fd> clients;
  for (int i = 0; i < 8; ++i) clients.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  testing::internal::CaptureStderr();
  // What is open stays open, and there is no number for one more.
  const rlimit none{static_cast<rlim_t>(base::Fd(::dup(0)).get()), before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  for (const base::Fd& client : clients) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(server_->port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    constexpr std::string_view request = "GET /livez HTTP/1.1\r\nHost: h\r\n\r\n";
    ::send(client.get(), request.data(), request.size(), MSG_NOSIGNAL);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // it tries ten times a second
  ::setrlimit(RLIMIT_NOFILE, &before);
  for (const base::Fd& client : clients) {
    std::array<char, 12> answer{};
    ::recv(client.get(), answer.data(), answer.size(), MSG_WAITALL);
    EXPECT_EQ(std::string(answer.data(), answer.size()), "HTTP/1.1 200");
  }
  const std::string log = testing::internal::GetCapturedStderr();
  for (const std::string_view once : {"cannot accept a connection", "connections are accepted again"}) {
    const std::size_t first = log.find(once);
    EXPECT_NE(first, std::string::npos) << log;
    EXPECT_EQ(log.find(once, first + 1), std::string::npos) << log;
  }
}

TEST_F(HttpApi, LimitsTheRateOfRequestsButNotOfProbes) {
  Settings settings;
  settings.port = 0;
  settings.database = [this] { return world_.database(); };
  settings.limits.rate = 1;
  Server server(settings);
  server.start();
  const auto answers = [&server](const std::string& target, const std::string& status) {
    int found = 0;
    for (int i = 0; i < 50; ++i)
      found += support::send_bytes(server.port(),
                                   "GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                       .starts_with("HTTP/1.1 " + status)
                   ? 1
                   : 0;
    return found;
  };
  EXPECT_EQ(answers("/livez", "200 "), 50);
  EXPECT_EQ(answers("/readyz", "200 "), 50);
  EXPECT_GT(answers("/", "429 "), 0);
}

TEST_F(HttpApi, StopsWhileARequestIsHeld) {
  std::string held;
  std::jthread reader([&] { held = get("/api/v1/changes?after=2&wait=60"); });
  // Its connection is there, beside the one that asks; then it has a second to say what it wants.
  EXPECT_TRUE(support::eventually(
      [&] { return body(get("/metrics")).find("vulndatasync_http_connections 2\n") != std::string::npos; }));
  std::this_thread::sleep_for(std::chrono::seconds(1));
  server_->stop();
  reader.join();
  EXPECT_THAT(held, StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(HttpServer, ListensBeyondLoopbackOnlyWithTokens) {
  Settings settings;
  settings.host = "0.0.0.0";
  EXPECT_THROW(Server{settings}, base::Error);
  settings.tokens = {"secret"};
  EXPECT_NO_THROW(Server{settings});
}

}  // namespace
}  // namespace api
