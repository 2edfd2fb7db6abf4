#include "fetch/web_archive.hpp"

#include <charconv>

#include "base/format.hpp"
#include "fetch/file.hpp"

namespace fetch {
namespace {

// Eight times what the largest of the sources has.
constexpr std::uint64_t largest_archive = std::uint64_t{16} << 30;
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
bool is_known(const KnownFile& known, const std::string& seen) {
  if (known.fingerprint.empty()) return false;
  const std::uint64_t generation = generation_of(seen);
  if (generation != 0 && generation < generation_of(known.fingerprint)) return true;
  return !known.again && seen == known.fingerprint;
}

Fetched unchanged(const Request& request, std::uint64_t bytes) {
  Fetched result;
  result.state = Fetched::State::unchanged;
  result.fingerprint = request.known_fingerprint;
  result.bytes_fetched = bytes;
  return result;
}

/// Lets the server say "not modified" where it can: a proxy or a cache on the way then saves the transfer.
std::vector<http::Field> condition(const KnownFile& known) {
  if (known.again || !known.fingerprint.starts_with(etag_prefix)) return {};
  return {{"If-None-Match", known.fingerprint.substr(etag_prefix.size())}};
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

BroughtFile bring_web_file(const std::string& url, const CachedFile& file, const KnownFile& known,
                           http::Client& client) {
  std::string seen;
  bool resumed = false;
  http::Download download;
  download.url = url;
  download.path = file.path();
  download.limit = largest_archive;
  download.fields = condition(known);
  download.wanted = [&](const http::Headers& headers) {
    resumed = !headers.get("content-range").empty();
    seen = fingerprint_of(headers);
    // What is being resumed was wanted before; its header tells the length of the rest only.
    if (!resumed && (is_known(known, seen) || file.holds(seen))) return false;
    file.forget();
    return true;
  };
  const http::Downloaded got = client.download(download);
  BroughtFile result{.fingerprint = known.fingerprint, .bytes = got.bytes};
  result.is_known = got.not_modified || (!got.complete && is_known(known, seen));
  if (result.is_known) return result;
  if (got.complete) {
    if (seen.empty() || (resumed && seen.starts_with(time_prefix)))
      seen = "content " + content_fingerprint(File(file.path()));
    file.remember(seen);
    result.is_known = is_known(known, seen);
  }
  if (!result.is_known) result.fingerprint = seen;
  return result;
}

Fetched open_web_archive(const Request& request, const std::string& url, const ZipLayout& layout,
                         http::Client& client, const ArchiveCache& cache) {
  const KnownFile known{request.known_fingerprint, request.full};
  const BroughtFile brought = bring_web_file(url, cache.file(), known, client);
  if (brought.is_known) return unchanged(request, brought.bytes);
  Fetched result = cache.open(request, layout, url);
  result.bytes_fetched = brought.bytes;
  return result;
}

}  // namespace fetch
