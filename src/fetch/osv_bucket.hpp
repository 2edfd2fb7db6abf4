// The OSV bucket (https://google.github.io/osv.dev/data/) by either of its two ways: the JSON API of Google
// Cloud Storage, or plain HTTP.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fetch/live.hpp"
#include "fetch/web_archive.hpp"

namespace fetch {

class OsvBucket {
 public:
  virtual ~OsvBucket() = default;

  /// "gcs" or "http".
  virtual std::string_view route() const = 0;
  /// Brings the newest revision of an object at the top of the bucket into `file`, unless it lies there
  /// already or is the known one. Throws http::Error (of status 404 where there is no such object),
  /// base::FileError.
  virtual BroughtFile bring(const std::string& object, const CachedFile& file, const KnownFile& known) = 0;
  /// An address that answers when the bucket is there.
  virtual std::string address() const = 0;
  /// The address of an object at the top of the bucket, for messages.
  virtual std::string url_of(const std::string& object) const = 0;
  /// The address of an object in a directory.
  virtual std::string url_of(std::string_view directory, std::string_view name) const = 0;
  /// What every request needs besides: who we are, where the bucket is not public. Throws http::Error, Error.
  virtual std::vector<http::Field> fields() { return {}; }
};

/// The JSON API (https://cloud.google.com/storage/docs/json_api/v1/objects/get): what an object is tells its
/// metadata, and its content is fetched of just this generation, verified by its checksum. Credentials come
/// from `settings.google`, if any.
std::unique_ptr<OsvBucket> gcs_bucket(const LiveSettings& settings, http::Client& client);

/// A web server, which may have objects in caches on the way that are an hour old.
std::unique_ptr<OsvBucket> http_bucket(const std::string& url, http::Client& client);

}  // namespace fetch
