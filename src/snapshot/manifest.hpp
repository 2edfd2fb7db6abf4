// What a snapshot is: everything that a stranger needs to trust it and to go on from it. docs/snapshots.md
// describes the file, manifest.json, for consumers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace snapshot {

/// A manifest that cannot be read.
class ManifestError : public base::Error {
 public:
  using Error::Error;
};

enum class Format { postgres, osv, jsonl };

inline constexpr Format all_formats[] = {Format::postgres, Format::osv, Format::jsonl};

std::string_view to_string(Format format);
std::optional<Format> format_from(std::string_view name);

struct File {
  std::string path;  // from the snapshot's directory, '/' between names
  std::uint64_t size = 0;
  std::string sha256;  // hex
  friend bool operator==(const File&, const File&) = default;
};

/// What the snapshot holds of one source.
struct SourceOrigin {
  std::string fingerprint;   // of the source's state; empty while a sync was half done
  std::string last_success;  // RFC 3339; empty: never
  std::uint64_t records = 0;
  std::string attribution;
  std::map<std::string, std::uint64_t> licenses;  // SPDX expression to records; "unknown" where none is known
};

struct Manifest {
  std::string version;
  std::int64_t schema_version = 0;
  std::string schema;  // the dump restores into it
  std::string program_version;
  std::string built_at;     // RFC 3339
  std::string valid_until;  // RFC 3339; a newer snapshot should be there by then
  std::string feed_id;
  std::int64_t changes_cursor = 0;
  std::string digest;  // hex; what the command `digest` printed
  std::vector<Format> formats;
  std::map<std::string, std::uint64_t> records;  // table to rows
  std::vector<File> files;                       // by path
  std::map<std::string, SourceOrigin> sources;
  std::optional<std::string> previous_version;
  std::optional<std::string> signed_by;  // the key's number, in minisign's spelling

  std::uint64_t vulnerabilities() const;
  std::uint64_t bytes() const;
};

/// Indented JSON with a line end: the bytes of manifest.json.
std::string to_json(const Manifest& manifest);

/// Throws ManifestError; `what` names the text in it.
Manifest parse_manifest(std::string_view text, const std::string& what);

/// The text of SHA256SUMS, as `sha256sum -c` reads it.
std::string checksums(const std::vector<File>& files);

}  // namespace snapshot
