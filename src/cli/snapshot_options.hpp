// What the commands about snapshots share: where they lie, the key, and where a restore is tried.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/database.hpp"
#include "snapshot/export.hpp"
#include "snapshot/minisign.hpp"
#include "snapshot/retention.hpp"
#include "snapshot/scratch.hpp"

namespace cli {

/// `output` (--output), or `exports` in the data directory.
std::filesystem::path exports_directory(const Context& context, const std::string& output);

/// `keys` in the data directory.
snapshot::KeyDirectory keys_of(const Context& context);

/// The database's own server, or a private one in the data directory where its role may not make databases.
snapshot::ScratchSettings scratch_settings(const Context& context, const Database& database);

/// What an export by this program is told; `formats` by name, none for all, `output` as above. Throws
/// UsageError for a format that there is not.
snapshot::ExportOptions export_options(const Context& context, const Database& database,
                                       const std::vector<std::string>& formats, const std::string& output);

/// EXPORT_RETENTION. Throws UsageError when it cannot be read.
snapshot::Retention retention_of(const Context& context);

/// "12.3 MiB"
std::string size_text(std::uint64_t bytes);

}  // namespace cli
