// The names of the files in a snapshot's directory.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "store/generated/snapshot.hpp"

namespace snapshot {

inline constexpr const char* manifest_name = "manifest.json";
inline constexpr const char* signature_name = "manifest.json.minisig";
inline constexpr const char* checksums_name = "SHA256SUMS";
inline constexpr const char* dump_name = "vulndb.dump";
inline constexpr const char* lines_name = "vulnerabilities.jsonl.zst";
inline constexpr const char* osv_name = "osv";

/// What the signature's trusted comment says, so that one snapshot's manifest cannot pass for another's.
inline std::string trusted_comment(const std::string& version) {
  return "vuln-datasync snapshot " + version;
}

/// As the manifest counts them.
inline std::map<std::string, std::uint64_t> row_counts(const store::sql::CountRowsRow& rows) {
  return {{"vulnerabilities", static_cast<std::uint64_t>(rows.vulnerabilities)},
          {"vulnerability_aliases", static_cast<std::uint64_t>(rows.vulnerability_aliases)},
          {"affected_packages", static_cast<std::uint64_t>(rows.affected_packages)}};
}

}  // namespace snapshot
