#include "fetch/osv_bucket.hpp"

#include <charconv>
#include <optional>
#include <utility>

#include "base/format.hpp"
#include "base/json.hpp"
#include "base/percent.hpp"
#include "fetch/google_credentials.hpp"
#include "fetch/live_sources.hpp"

namespace fetch {
namespace {

constexpr std::uint64_t largest_metadata = std::uint64_t{64} << 10;
// The bucket is rebuilt every quarter of an hour: a revision may be replaced while it is fetched.
constexpr int most_replacements = 3;

std::string_view member(const base::json::Value& object, std::string_view name) {
  const base::json::Value* const value = object.find(name);
  return value == nullptr ? std::string_view() : value->text();
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// One revision of an object.
struct Revision {
  std::string generation;
  std::uint64_t size = 0;
  std::uint32_t crc32c = 0;
};

class GcsBucket : public OsvBucket {
 public:
  GcsBucket(const LiveSettings& settings, http::Client& client)
      : client_(client), credentials_(settings.google) {
    std::string endpoint = without_slash(settings.osv_gcs_endpoint);
    if (!endpoint.ends_with("/storage/v1")) endpoint += "/storage/v1";
    objects_ = base::format("{}/b/{}/o/", endpoint, base::percent_encoded(settings.osv_bucket));
  }

  std::string_view route() const override { return "gcs"; }
  std::string address() const override { return objects_ + "modified_id.csv?fields=generation"; }

  BroughtFile bring(const std::string& object, const CachedFile& file, const KnownFile& known) override {
    for (int tries = most_replacements;; --tries) {
      const Revision revision = newest_revision(object);
      BroughtFile result{.fingerprint = std::string(generation_prefix) + revision.generation};
      result.is_known = !known.again && result.fingerprint == known.fingerprint;
      if (result.is_known || file.holds(result.fingerprint)) return result;
      try {
        result.bytes = download(object, revision, file);
        file.remember(result.fingerprint);
        return result;
      } catch (const http::Error& error) {
        const bool replaced = error.status() == 412 || error.status() == 404;
        if (!replaced || tries == 1) throw;
      }
    }
  }

  std::string url_of(const std::string& object) const override { return objects_ + object; }
  std::string url_of(std::string_view directory, std::string_view name) const override {
    return base::format("{}{}%2F{}?alt=media", objects_, base::percent_encoded(directory),
                        base::percent_encoded(name));
  }

  std::vector<http::Field> fields() override {
    const std::string& authorization = credentials_.authorization(client_);
    if (authorization.empty()) return {};
    return {{"Authorization", authorization}};
  }

 private:
  Revision newest_revision(const std::string& object) {
    const std::string url = base::format("{}{}?fields=generation,size,crc32c", objects_, object);
    const http::Response response = client_.get(url, largest_metadata, fields());
    base::Arena arena;
    const base::json::Parsed parsed = base::json::parse(response.body, arena);
    // 64-bit numbers stand as strings there.
    const std::string_view generation = member(parsed.value, "generation");
    const auto size = number(member(parsed.value, "size"));
    const auto crc32c = http::crc32c_from_base64(member(parsed.value, "crc32c"));
    if (parsed.error || !number(generation) || !size || !crc32c)
      throw http::Error(
          base::format("cannot use the answer of {}: no JSON with generation, size and crc32c", url));
    return {std::string(generation), *size, *crc32c};
  }

  std::uint64_t download(const std::string& object, const Revision& revision, const CachedFile& file) {
    file.forget();
    http::Download download;
    download.url = base::format("{}{}?alt=media&ifGenerationMatch={}", objects_, object, revision.generation);
    download.path = file.path();
    download.fields = fields();
    download.size = revision.size;
    download.crc32c = revision.crc32c;
    download.pinned = true;
    return client_.download(download).bytes;
  }

  http::Client& client_;
  GoogleCredentials credentials_;
  std::string objects_;  // the address of all of them, with the slash
};

class HttpBucket : public OsvBucket {
 public:
  HttpBucket(const std::string& url, http::Client& client) : client_(client), url_(without_slash(url)) {}

  std::string_view route() const override { return "http"; }
  std::string address() const override { return url_ + "/modified_id.csv"; }

  BroughtFile bring(const std::string& object, const CachedFile& file, const KnownFile& known) override {
    return bring_web_file(url_of(object), file, known, client_);
  }

  std::string url_of(const std::string& object) const override { return base::format("{}/{}", url_, object); }
  std::string url_of(std::string_view directory, std::string_view name) const override {
    return base::format("{}/{}/{}", url_, base::percent_encoded(directory), base::percent_encoded(name));
  }

 private:
  http::Client& client_;
  std::string url_;
};

}  // namespace

std::unique_ptr<OsvBucket> gcs_bucket(const LiveSettings& settings, http::Client& client) {
  return std::make_unique<GcsBucket>(settings, client);
}

std::unique_ptr<OsvBucket> http_bucket(const std::string& url, http::Client& client) {
  return std::make_unique<HttpBucket>(url, client);
}

}  // namespace fetch
