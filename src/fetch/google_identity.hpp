// Who we are to Google Cloud Storage, as the usual variables say
// (https://cloud.google.com/docs/authentication/application-default-credentials).
#pragma once

#include <filesystem>
#include <string>

namespace fetch {

/// Where credentials come from; none of both: nobody, which is enough for public buckets.
struct GoogleIdentity {
  /// A service account's key or a user's login (GOOGLE_APPLICATION_CREDENTIALS).
  std::filesystem::path file = {};
  /// HOST[:PORT] of the metadata server of a machine in Google's cloud (GCE_METADATA_HOST).
  std::string metadata_host = {};
};

/// What the environment says.
GoogleIdentity google_identity();

}  // namespace fetch
