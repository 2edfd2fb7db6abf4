// all.zip of the OSV bucket (https://google.github.io/osv.dev/data/), through the JSON API of Google Cloud
// Storage (https://cloud.google.com/storage/docs/json_api/v1/objects/get) or by plain HTTP.
#include <charconv>
#include <utility>

#include "base/format.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "fetch/live_sources.hpp"
#include "fetch/web_archive.hpp"

namespace fetch {
namespace {

constexpr std::uint64_t largest_metadata = std::uint64_t{64} << 10;

/// One revision of an object.
struct Revision {
  std::string generation;
  std::uint64_t size = 0;
  std::uint32_t crc32c = 0;
};

std::string object_url(const LiveSettings& settings) {
  std::string endpoint = without_slash(settings.osv_gcs_endpoint);
  if (!endpoint.ends_with("/storage/v1")) endpoint += "/storage/v1";
  return base::format("{}/b/{}/o/all.zip", endpoint, settings.osv_bucket);
}

std::string_view member(const base::json::Value& object, std::string_view name) {
  const base::json::Value* const value = object.find(name);
  return value == nullptr ? std::string_view() : value->text();
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Revision newest_revision(const LiveSettings& settings, http::Client& client) {
  const std::string url = object_url(settings) + "?fields=generation,size,crc32c";
  const http::Response response = client.get(url, largest_metadata);
  base::Arena arena;
  const base::json::Parsed parsed = base::json::parse(response.body, arena);
  // 64-bit numbers stand as strings there.
  const std::string_view generation = member(parsed.value, "generation");
  const std::string_view size = member(parsed.value, "size");
  const auto crc32c = http::crc32c_from_base64(member(parsed.value, "crc32c"));
  if (parsed.error || !is_number(generation) || !is_number(size) || !crc32c)
    throw http::Error(
        base::format("cannot use the answer of {}: no JSON with generation, size and crc32c", url));
  Revision revision{std::string(generation), 0, *crc32c};
  std::from_chars(size.data(), size.data() + size.size(), revision.size);
  return revision;
}

/// The newest revision, in the cache; the number of bytes that this took.
std::uint64_t download(const LiveSettings& settings, const Revision& revision, http::Client& client,
                       const ArchiveCache& cache) {
  cache.forget();
  http::Download download;
  download.url = base::format("{}?alt=media&ifGenerationMatch={}", object_url(settings), revision.generation);
  download.path = cache.archive();
  download.size = revision.size;
  download.crc32c = revision.crc32c;
  download.pinned = true;
  const http::Downloaded got = client.download(download);
  cache.remember(std::string(generation_prefix) + revision.generation);
  return got.bytes;
}

Fetched open_gcs(const Request& request, const LiveSettings& settings, http::Client& client,
                 const ArchiveCache& cache) {
  // The bucket is rebuilt every quarter of an hour: a revision may be replaced while it is fetched.
  for (int tries = 3;; --tries) {
    const Revision revision = newest_revision(settings, client);
    const std::string fingerprint = std::string(generation_prefix) + revision.generation;
    if (!request.full && fingerprint == request.known_fingerprint) return unchanged(fingerprint);
    try {
      const std::uint64_t bytes = cache.holds(fingerprint) ? 0 : download(settings, revision, client, cache);
      Fetched result = cache.open(request, osv_layout());
      result.bytes_fetched = bytes;
      return result;
    } catch (const http::Error& error) {
      const bool replaced = error.status() == 412 || error.status() == 404;
      if (!replaced || tries == 1) throw;
    }
  }
}

}  // namespace

Fetched open_live_osv(const Request& request, const LiveSettings& settings) {
  const ArchiveCache cache(request.cache, request.stop);
  http::Client client(settings.http, request.stop);
  std::string reason;
  try {
    Fetched result = open_gcs(request, settings, client, cache);
    result.route = "gcs";
    return result;
  } catch (const http::Error& error) {
    reason = error.what();
  } catch (const Error& error) {
    reason = error.what();
  }
  if (request.stop.stop_requested()) throw Error("transport", reason);
  base::log::warn("Google Cloud Storage failed, trying plain HTTP", {{"source", "osv"}, {"cause", reason}});
  try {
    Fetched result = open_web_archive(request, without_slash(settings.osv_http_url) + "/all.zip",
                                      osv_layout(), client, cache);
    result.route = "http";
    result.route_reason = reason;
    return result;
  } catch (const http::Error& error) {
    throw Error("transport", base::format("{}; and by plain HTTP: {}", reason, error.what()),
                error.retryable() ? Error::Retry::yes : Error::Retry::no);
  }
}

}  // namespace fetch
