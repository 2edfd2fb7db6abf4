// Writes a snapshot: the whole merged database, as one state of it, in files for everyone downstream.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "pg/connection.hpp"
#include "snapshot/manifest.hpp"
#include "snapshot/minisign.hpp"
#include "snapshot/scratch.hpp"

namespace snapshot {

/// The database is in no state to be published; the message says why and how to go on.
class RefusedError : public base::Error {
 public:
  using Error::Error;
};

struct ExportOptions {
  /// A direct connection; migrated.
  pg::Settings database;
  std::filesystem::path directory;
  std::vector<Format> formats;  // without duplicates
  /// Whose staleness refuses an export.
  std::vector<std::string> enabled_sources;
  std::optional<SecretKey> key;  // signs the manifest
  ScratchSettings scratch;       // where the result is tried before it is published
  unsigned threads = 2;          // connections that read documents
  bool allow_stale = false;
  bool allow_shrink = false;
  std::stop_token stop = {};
  /// Told while it goes on: the stage, records done and in all (0: not counted). Any thread but one at a
  /// time.
  std::function<void(std::string_view stage, std::uint64_t done, std::uint64_t total)> progress = {};
};

struct ExportResult {
  bool published = false;  // false: nothing has changed since `manifest`, which is the newest snapshot
  Manifest manifest;
  double seconds = 0;       // of writing
  double gate_seconds = 0;  // of trying the result
};

/// {"version", "state": "published|unchanged", "vulnerabilities", "bytes", "digest", "seconds",
/// "gate_seconds"}
base::json::Value to_json(const ExportResult& result, base::Arena& arena);

/// Throws RefusedError, DirectoryError when another export is at work, ToolError, VerifyError, pg::Error and
/// base::FileError. Whatever is thrown, and also after a kill, the snapshots that were there stay as they
/// are.
ExportResult export_snapshot(const ExportOptions& options);

}  // namespace snapshot
