// pg_dump's --no-owner means nothing in the custom format: it notes the owner of each object, and a plain
// pg_restore by anybody else then reports an error for each. This takes the names out of a finished dump.
#pragma once

#include <filesystem>

namespace snapshot {

/// Empties the owner of every entry in the table of contents of a dump in custom format, in place and without
/// moving anything. Throws base::Error where the file is not one of the archive versions 1.14 to 1.16 that
/// pg_dump 14 to 18 write (PostgreSQL's src/bin/pg_dump/pg_backup_archiver.c, ReadHead and ReadToc).
void remove_owners(const std::filesystem::path& dump);

}  // namespace snapshot
