// The part of doctor that asks the sources.
#include <algorithm>
#include <future>

#include "base/format.hpp"
#include "cli/doctor.hpp"
#include "cli/sync_options.hpp"
#include "fetch/reach.hpp"

namespace cli {

namespace {

using State = Finding::State;

constexpr std::chrono::seconds patience{5};

fetch::LiveSettings impatient(fetch::LiveSettings live) {
  live.http.attempts = 1;
  live.http.connect_timeout = patience;
  live.http.total_timeout = patience;
  return live;
}

Finding describe(const std::string& subject, const fetch::Place& place, bool others_reached) {
  const bool is_web = place.address.find("://") != std::string::npos;
  if (place.failure.empty()) return {State::ok, subject, place.address + (is_web ? " answers" : " is there")};
  if (others_reached) return {State::warning, subject, place.failure};
  return {State::wrong, subject, place.failure,
          is_web ? base::format("curl -v '{}'  (a proxy is set with https_proxy; a machine without network "
                                "reads a mirror: vuln-datasync sync --mirror DIR)",
                                place.address)
                 : "vuln-datasync mirror DIR  on a machine with network, then SOURCE_MIRROR=DIR"};
}

Findings examine_live(const std::string& source, const fetch::LiveSettings& live,
                      const std::stop_token& stop) {
  const std::vector<fetch::Place> places = fetch::reach_live(source, live, stop);
  const auto reached = [](const fetch::Place& place) { return place.failure.empty(); };
  const bool osv = source == "osv";
  Findings findings;
  for (std::size_t i = 0; i < places.size(); ++i) {
    // Either of OSV's two is enough; of the others' the first is, and nothing replaces it.
    const bool is_spare = osv ? std::any_of(places.begin(), places.end(), reached) : i > 0;
    findings.push_back(describe("source " + source, places[i], is_spare));
  }
  return findings;
}

Findings examine_mirror(const Settings& settings, const std::stop_token& stop) {
  const std::string& mirror = settings.sources.mirror;
  const http::Settings http = impatient(live_settings(settings.sources)).http;
  Findings findings;
  bool any = false;
  for (const std::string& source : settings.sources.enabled)
    for (const fetch::Place& place : fetch::reach_mirror(source, mirror, http, stop)) {
      any = any || place.failure.empty();
      findings.push_back(describe("source " + source, place, true));
    }
  if (!any)
    findings = {
        {State::wrong, "sources",
         base::format("the mirror {} has none of the enabled sources: {}", mirror, findings.front().seen),
         "vuln-datasync mirror DIR  on a machine with network, then SOURCE_MIRROR=DIR"}};
  return findings;
}

}  // namespace

Findings examine_sources(const Settings& settings, const std::stop_token& stop) {
  if (!settings.sources.mirror.empty()) return examine_mirror(settings, stop);
  const fetch::LiveSettings live = impatient(live_settings(settings.sources));
  std::vector<std::future<Findings>> parts;
  for (const std::string& source : settings.sources.enabled)
    parts.push_back(std::async(std::launch::async, [&, source] { return examine_live(source, live, stop); }));
  Findings findings;
  for (auto& part : parts)
    for (Finding& finding : part.get()) findings.push_back(std::move(finding));
  return findings;
}

}  // namespace cli
