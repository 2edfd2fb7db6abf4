// The service by the true program under everything at once: lookups, searches, the feed, metrics, nonsense
// and syncs. What it holds afterwards is what it held before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "e2e/serve_fixture.hpp"
#include "support/http_client.hpp"

namespace e2e {
namespace {

using support::Service;
using testing::StartsWith;

// The sanitizers keep freed memory, to see it used.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool frees_memory = false;
#else
constexpr bool frees_memory = true;
#endif

constexpr const char* targets[] = {"/v1/vulns/GO-2024-1",
                                   "/v1/vulns/GO-2024-9",
                                   "/api/v1/vulnerabilities?q=flaw",
                                   "/api/v1/changes?limit=2",
                                   "/metrics",
                                   "/api/v1/vulnerabilities/GO-2024-2?explain=1",
                                   "/api/v1/stats",
                                   "/api/v1/vulnerabilities?x=y",
                                   "/health",
                                   "/%00",
                                   "/api/v1/jobs",
                                   "/api/jobs/status"};

class MixedLoad : public Serve {
 protected:
  // Each address so many times from two clients, beside one sync.
  static void load(const Service& service, int times) {
    const std::string id = ask_for_sync(service);
    const auto ask = [&] {
      for (int i = 0; i < times; ++i)
        for (const char* const target : targets) EXPECT_THAT(service.get(target), StartsWith("HTTP/1.1 "));
    };
    std::jthread other(ask);
    ask();
    EXPECT_TRUE(service.waits_for_job(id, "succeeded")) << service.log();
  }

  static double resident_bytes(const Service& service) {
    const std::string metrics = service.get("/metrics");
    const std::string name = "\nprocess_resident_memory_bytes ";
    return std::stod(metrics.substr(metrics.find(name) + name.size()));
  }
};

TEST_F(MixedLoad, LeavesNothingInMemory) {
  if (!frees_memory) GTEST_SKIP() << "a sanitizer keeps what was freed";
  Service service(program_, "log", "api,worker,scheduler");
  // A round is five hundred requests: what they leaked they would leak in every round. Caches and the
  // allocator settle sooner or later.
  double before = 0;
  double grown = 0;
  for (int round = 0; round < 12; ++round) {
    load(service, 20);
    const double now = resident_bytes(service);
    grown = now - before;
    before = now;
    if (grown < 1e6) break;
  }
  EXPECT_LT(grown, 1e6);
  EXPECT_TRUE(service.stop().success());
}

}  // namespace
}  // namespace e2e
