// One way of fetching OSV: what is asked of the bucket, and how much of it is fetched.
#pragma once

#include <optional>
#include <string>

#include "fetch/archive_cache.hpp"
#include "fetch/compared_list.hpp"
#include "fetch/modified_list.hpp"
#include "fetch/osv_bucket.hpp"

namespace fetch {

/// The database is the only truth about what is stored: the whole list is compared with it (compared_list.hpp
/// says how that is made cheap). So caches may vanish, and a record that could not be had is found wanting
/// again by the next comparison, without any queue; all that has to be remembered is that there is something
/// to look for, which the fingerprint says.
///
///   the list is the known one, nothing awaited   unchanged
///   few records differ from it                   those, as single files
///   many do, or a reconciliation is due          the archive
///   there is no list                             the archive, unless it is the known one
class OsvFetch {
 public:
  OsvFetch(const Request& request, OsvBucket& bucket, http::Client& client, const ArchiveCache& cache);

  /// Throws http::Error, Error, base::FileError.
  Fetched run();
  /// Whether the list was had, even if run() failed afterwards.
  bool had_list() const { return had_list_; }

 private:
  Fetched open();
  std::optional<BroughtFile> bring_list();
  bool compare(bool whole);
  std::optional<Fetched> whole(const std::string& why);
  Fetched whole_if_new(const std::string& why);
  Fetched single(const std::vector<std::size_t>& changed, std::size_t& missing);
  Fetched unchanged(const std::string& fingerprint) const;

  const Request& request_;
  OsvBucket& bucket_;
  http::Client& client_;
  const ArchiveCache& cache_;
  CachedFile list_file_;
  ComparedList compared_;
  std::string known_list_;     // the fingerprint of the list that was compared last
  std::string known_archive_;  // the fingerprint of the archive that was read whole last
  bool awaiting_ = false;      // not everything that it named could be had
  std::string list_fingerprint_;
  std::shared_ptr<ModifiedList> list_;  // none: not read, or there is none
  std::string no_list_;                 // why there is none
  bool had_list_ = false;
  std::uint64_t bytes_ = 0;
};

}  // namespace fetch
