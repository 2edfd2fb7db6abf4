// From sql/*.sql to src/store/generated.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "emit.hpp"
#include "pg/connection.hpp"

namespace sqlgen {

/// Migrates the connection's schema, which must be empty, and generates the code for all of root/sql/*.sql.
/// Throws SourceError for what is wrong in these files, pg::Error for everything else.
std::vector<GeneratedFile> generate(pg::Connection& connection, const std::filesystem::path& root);

/// Makes the folder hold exactly these files; returns the names of those that were written or removed.
std::vector<std::string> write_files(const std::filesystem::path& folder,
                                     const std::vector<GeneratedFile>& files);

/// The names of the files in the folder that differ, are missing, or should not be there.
std::vector<std::string> stale_files(const std::filesystem::path& folder,
                                     const std::vector<GeneratedFile>& files);

}  // namespace sqlgen
