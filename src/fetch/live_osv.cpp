// OSV from its bucket: through the JSON API of Google Cloud Storage, and by plain HTTP where that fails.
#include <optional>
#include <utility>

#include "base/format.hpp"
#include "base/log.hpp"
#include "fetch/live_sources.hpp"
#include "fetch/osv_fetch.hpp"

namespace fetch {
namespace {

// Why a way failed.
struct Failure {
  std::string_view word;
  std::string reason;
  bool retryable = false;
  bool had_list = false;
};

std::optional<Fetched> try_way(const Request& request, OsvBucket& bucket, http::Client& client,
                               const ArchiveCache& cache, Failure& failure) {
  OsvFetch fetch(request, bucket, client, cache);
  try {
    return fetch.run();
  } catch (const http::Error& error) {
    failure = {"transport", error.what(), error.retryable(), fetch.had_list()};
  } catch (const Error& error) {
    failure = {error.word(), error.what(), error.retryable(), fetch.had_list()};
  }
  if (request.stop.stop_requested()) throw Error("transport", failure.reason);
  return std::nullopt;
}

}  // namespace

Fetched open_live_osv(const Request& request, const LiveSettings& settings) {
  const ArchiveCache cache(request.cache, request.stop);
  http::Client client(settings.http, request.stop);
  const auto gcs = gcs_bucket(settings, client);
  const auto http = http_bucket(settings.osv_http_url, client);
  Failure first;
  Failure second;
  const auto either_way = [&](const Request& asked) {
    auto result = try_way(asked, *gcs, client, cache, first);
    if (result) return result;
    base::log::warn("Google Cloud Storage failed, trying plain HTTP",
                    {{"source", "osv"}, {"cause", first.reason}});
    result = try_way(asked, *http, client, cache, second);
    if (result) result->route_reason = first.reason;
    return result;
  };
  if (auto result = either_way(request)) return std::move(*result);
  // Without its archive a source can at least follow its list; the reconciliation stays due.
  if (request.reconcile && !request.full && (first.had_list || second.had_list)) {
    base::log::warn("the archive cannot be had, following the list of changes",
                    {{"source", "osv"}, {"cause", second.reason}});
    Request without = request;
    without.reconcile = false;
    if (auto result = either_way(without)) return std::move(*result);
  }
  throw Error(second.word, base::format("{}; and by plain HTTP: {}", first.reason, second.reason),
              second.retryable ? Error::Retry::yes : Error::Retry::no);
}

}  // namespace fetch
