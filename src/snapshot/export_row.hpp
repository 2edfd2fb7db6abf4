// The row of an export in the table `exports`. The directory is the truth, the rows are its history: an
// export that may only read the database goes on without them.
#pragma once

#include <string>

#include "pg/connection.hpp"
#include "snapshot/directory.hpp"
#include "snapshot/manifest.hpp"

namespace snapshot {

class ExportRow {
 public:
  /// Notes that an export has begun, and that earlier ones into this directory which never ended have failed.
  ExportRow(pg::Settings database, const Directory& directory, const Manifest& manifest);

  /// Notes its end; `state` is published or failed. Never throws: a failure is logged.
  void finish(const char* state, const Manifest& manifest) noexcept;

 private:
  pg::Settings database_;
  std::string location_;
  bool exists_ = false;
};

/// Notes that a snapshot was removed. A failure is logged.
void note_removal(pg::Connection& connection, const Directory& directory, const std::string& version);

}  // namespace snapshot
