#include "fetch/live.hpp"

#include "base/format.hpp"
#include "fetch/live_sources.hpp"
#include "http/error.hpp"

namespace fetch {

Fetched open_live(const Request& request, const LiveSettings& settings) {
  try {
    if (request.source == "osv") return open_live_osv(request, settings);
    if (request.source == "cve") return open_live_cve(request, settings);
    if (request.source == "gitlab") return open_live_gitlab(request, settings);
  } catch (const http::Error& error) {
    throw Error("transport", error.what(), error.retryable() ? Error::Retry::yes : Error::Retry::no);
  }
  throw Error("unsupported",
              base::format("cannot fetch {}: the sources are osv, gitlab and cve", request.source));
}

Fetched unchanged(const std::string& fingerprint) {
  Fetched result;
  result.state = Fetched::State::unchanged;
  result.fingerprint = fingerprint;
  return result;
}

std::string_view to_string(Fetched::State state) {
  switch (state) {
    case Fetched::State::absent:
      return "absent";
    case Fetched::State::unchanged:
      return "unchanged";
    case Fetched::State::full:
      return "full";
    case Fetched::State::delta:
      break;
  }
  return "delta";
}

std::string with_awaited(const std::string& fingerprint, std::size_t awaited) {
  return awaited == 0 ? fingerprint : base::format("{}{}{}", fingerprint, awaited_mark, awaited);
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace fetch
