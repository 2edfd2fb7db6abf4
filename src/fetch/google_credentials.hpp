// Access tokens of Google Cloud Storage, for buckets that are not public.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "fetch/google_identity.hpp"
#include "http/client.hpp"

namespace fetch {

/// An access token, fetched when it is needed first and again before it expires.
class GoogleCredentials {
 public:
  explicit GoogleCredentials(GoogleIdentity identity) : identity_(std::move(identity)) {}

  /// The value of the Authorization field, or "" for nobody. Throws Error `unsupported` for a file that holds
  /// no credentials we know, base::FileError where it cannot be read, http::Error where no token is given.
  const std::string& authorization(http::Client& client);

 private:
  std::string from_file(http::Client& client);
  std::string from_metadata_server(http::Client& client);
  std::string assertion_of(const base::json::Value& key, const std::string& token_url) const;
  [[noreturn]] void refuse(std::string_view reason) const;
  std::string take_token(const http::Response& answer, const std::string& origin);

  GoogleIdentity identity_;
  std::string authorization_;
  std::chrono::steady_clock::time_point renew_ = {};
};

}  // namespace fetch
