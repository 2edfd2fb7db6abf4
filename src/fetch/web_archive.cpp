#include "fetch/web_archive.hpp"

#include <charconv>

#include "base/format.hpp"
#include "fetch/file.hpp"

namespace fetch {
namespace {

constexpr std::string_view etag_prefix = "etag ";
constexpr std::string_view time_prefix = "modified ";

/// The generation that a fingerprint names, or 0. They grow with time.
std::uint64_t generation_of(std::string_view fingerprint) {
  std::uint64_t generation = 0;
  if (fingerprint.starts_with(generation_prefix))
    std::from_chars(fingerprint.data() + generation_prefix.size(), fingerprint.data() + fingerprint.size(),
                    generation);
  return generation;
}

/// Whether `seen` is the known state or an older one: public objects are cached on their way for an hour, and
/// nothing must step back to what it was before.
bool is_known(const Request& request, const std::string& seen) {
  if (request.known_fingerprint.empty()) return false;
  const std::uint64_t known = generation_of(request.known_fingerprint);
  if (const std::uint64_t generation = generation_of(seen); generation != 0 && generation < known)
    return true;
  return !request.full && seen == request.known_fingerprint;
}

Fetched unchanged(const Request& request, std::uint64_t bytes) {
  Fetched result;
  result.state = Fetched::State::unchanged;
  result.fingerprint = request.known_fingerprint;
  result.bytes_fetched = bytes;
  return result;
}

/// Lets the server say "not modified" where it can: a proxy or a cache on the way then saves the transfer.
std::vector<http::Field> condition(const Request& request) {
  const std::string_view known = request.known_fingerprint;
  if (request.full || !known.starts_with(etag_prefix)) return {};
  return {{"If-None-Match", std::string(known.substr(etag_prefix.size()))}};
}

}  // namespace

std::string fingerprint_of(const http::Headers& headers) {
  if (const std::string& generation = headers.get("x-goog-generation"); !generation.empty())
    return std::string(generation_prefix) + generation;
  if (const std::string& etag = headers.get("etag"); !etag.empty()) return std::string(etag_prefix) + etag;
  if (const std::string& changed = headers.get("last-modified"); !changed.empty())
    return base::format("{}{}, {} bytes", time_prefix, changed, headers.get("content-length"));
  return "";
}

Fetched open_web_archive(const Request& request, const std::string& url, const ZipLayout& layout,
                         http::Client& client, const ArchiveCache& cache) {
  std::string seen;
  bool resumed = false;
  const auto wanted = [&](const http::Headers& headers) {
    resumed = !headers.get("content-range").empty();
    seen = fingerprint_of(headers);
    // What is being resumed was wanted before; its header tells the length of the rest only.
    if (!resumed && (is_known(request, seen) || cache.holds(seen))) return false;
    cache.forget();
    return true;
  };
  http::Download download;
  download.url = url;
  download.path = cache.archive();
  download.fields = condition(request);
  download.wanted = wanted;
  const http::Downloaded got = client.download(download);
  if (!got.complete && (got.not_modified || is_known(request, seen))) return unchanged(request, got.bytes);
  if (got.complete) {
    if (seen.empty() || (resumed && seen.starts_with(time_prefix)))
      seen = "content " + content_fingerprint(File(cache.archive()));
    cache.remember(seen);
    if (is_known(request, seen)) return unchanged(request, got.bytes);
  }
  Fetched result = cache.open(request, layout);
  result.bytes_fetched = got.bytes;
  return result;
}

}  // namespace fetch
