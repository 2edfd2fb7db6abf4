// Whether a snapshot is what its manifest says.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "snapshot/directory.hpp"
#include "snapshot/manifest.hpp"
#include "snapshot/minisign.hpp"
#include "snapshot/scratch.hpp"

namespace snapshot {

/// A snapshot that is not what it should be: every file that is wrong, and how.
class VerifyError : public base::Error {
 public:
  using Error::Error;
};

/// The size and SHA-256 of the file `path` below `root`. Throws base::FileError.
File hash_file(const std::filesystem::path& root, const std::string& path);

/// The same of each file below `root`, by path, but for those in `except`. Reads on two threads.
std::vector<File> hash_files(const std::filesystem::path& root, const std::vector<std::string>& except);

/// Compares every byte in the snapshot's directory with what SHA256SUMS and the manifest say, and with `key`
/// the signature too. Throws VerifyError; returns the manifest. A snapshot that is not signed is an error
/// where there is a key.
Manifest verify_files(const Directory& directory, const std::string& version,
                      const std::optional<PublicKey>& key);

/// Reads the content back, whatever formats there are, and compares it with the manifest: the dump restored
/// into a scratch database, the lines decompressed. Throws VerifyError, ToolError, pg::Error.
void verify_content(const std::filesystem::path& path, const Manifest& manifest,
                    const ScratchSettings& scratch, const std::stop_token& stop);

}  // namespace snapshot
