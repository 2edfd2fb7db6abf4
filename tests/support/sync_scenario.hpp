// A small world for tests of a whole sync: a mirror whose records are set one by one, and a database of its
// own.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.hpp"
#include "pipeline/options.hpp"
#include "pipeline/report.hpp"
#include "support/postgres.hpp"

namespace support {

/// An OSV record with the members given as JSON text, without braces ("\"summary\":\"x\"").
std::string osv_record(std::string_view id, std::string_view modified, std::string_view more = {});

/// A published CVE record with one English description.
std::string cve_record(std::string_view id, std::string_view description);

class SyncScenario {
 public:
  SyncScenario();

  /// The records of the mirror; a map that is empty means that the source is absent.
  std::map<std::string, std::string> osv;  // id to bytes
  std::map<std::string, std::string> cve;
  std::map<std::string, std::string> extra_osv_entries;  // name in the archive to bytes

  /// Options for a sync of what the mirror holds into the database; change them before run().
  pipeline::Options options;

  /// Writes the mirror, then syncs.
  pipeline::Report sync();
  /// Syncs the mirror as it lies there.
  pipeline::Report sync_again();

  /// The digest of the database, in hex.
  std::string digest();
  /// The digest of a fresh database that is given the present mirror alone.
  std::string digest_of_fresh_sync();
  /// The values of the first column, as text.
  std::vector<std::string> column(std::string_view sql);
  /// The only value.
  std::string value(std::string_view sql);

  std::filesystem::path mirror() const { return directory_.path() / "mirror"; }
  pg::Settings database() const { return database_.settings(); }

 private:
  base::TemporaryDirectory directory_;
  TestDatabase database_;
};

/// The counts of one source as "seen inserted updated unchanged quarantined deleted duplicates".
std::string counts(const pipeline::Report& report, advisory::Source source);

}  // namespace support
