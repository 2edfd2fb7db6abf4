// The three sources where they are published: a bucket of Google Cloud Storage, a git repository, an archive
// on GitHub.
#pragma once

#include <string>

#include "fetch/google_identity.hpp"
#include "fetch/source.hpp"
#include "http/settings.hpp"

namespace fetch {

/// Where the sources are. Every address is http or https; that of GitLab anything that git understands, a
/// path included.
struct LiveSettings {
  std::string osv_bucket = "osv-vulnerabilities";
  std::string osv_gcs_endpoint = "https://storage.googleapis.com";
  std::string osv_http_url = "https://osv-vulnerabilities.storage.googleapis.com";
  std::string gitlab_repo_url = "https://gitlab.com/gitlab-org/advisories-community.git";
  std::string cve_project_url = "https://github.com/CVEProject/cvelistV5/archive/refs/heads/main.zip";
  /// Below it lie the files of that archive, one by one; "": they can't be had so.
  std::string cve_raw_url = {};
  /// Who we are to Google Cloud Storage; nobody is enough for the public bucket.
  GoogleIdentity google = {};
  /// The listing of its releases in GitHub's API, or "".
  std::string cve_releases_url = {};
  http::Settings http = {};
};

/// Opens one source: asks for its fingerprint first, and moves bytes only when that is not the known one.
///   osv     through the JSON API of Google Cloud Storage, each object of one generation and with its
///   checksum
///           verified; where that fails, by plain HTTP. What modified_id.csv lists otherwise than it is
///           stored is fetched as single records; all.zip when that is cheaper or a reconciliation is due
///   cve     the records that its log of changes names, one by one or out of release archives; the archive
///   the
///           first time, when the log does not reach back far enough, when they are too many, and when a
///           reconciliation is due. Where its address is GitHub's of a branch, its commit is asked first
///   gitlab  a shallow copy of the repository in the cache, and between two commits only what differs
/// What was fetched completely is kept in the cache and not fetched again as long as it is the newest. Throws
/// Error (`transport` when every way failed), base::FileError as when the disk is full.
Fetched open_live(const Request& request, const LiveSettings& settings);

}  // namespace fetch
