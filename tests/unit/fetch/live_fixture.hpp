// The world of the live sources on this machine.
#pragma once

#include <cstdlib>
#include <string>

#include "base/files.hpp"
#include "fetch/live.hpp"
#include "support/osv_bucket.hpp"
#include "unit/fetch/mirror_fixture.hpp"

namespace fetch {

class LiveTest : public testing::Test {
 protected:
  // A proxy of the machine the tests run on is none of their business.
  LiveTest() {
    for (const char* variable : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) ::unsetenv(variable);
    settings_.http.attempts = 2;
    settings_.http.wait = [](http::Milliseconds, const std::stop_token&) { return true; };
  }

  void use(const support::HttpServer& server) {
    settings_.osv_gcs_endpoint = server.url();
    settings_.osv_http_url = server.url("/plain");
    settings_.cve_project_url = server.url("/cve.zip");
  }

  Request request(const std::string& source, const std::string& known = "", bool full = false) const {
    return {
        .source = source, .known_fingerprint = known, .full = full, .cache = cache() / source, .stop = {}};
  }
  Fetched open(const std::string& source, const std::string& known = "", bool full = false) const {
    return open_live(request(source, known, full), settings_);
  }
  std::filesystem::path cache() const { return directory_.path() / "cache"; }

  base::TemporaryDirectory directory_;
  LiveSettings settings_;
};

}  // namespace fetch
