// Whether a process is one of an embedded server's: each of them works in the server's data directory. A
// number in a file survives a crash and may be anybody's by then; where a process works is the kernel's word.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace embedded {

/// Whether process `id` is alive and works in `data`; a zombie works nowhere.
bool is_server_process(pid_t id, const std::filesystem::path& data);

/// Kills what still works in `data`, which is for children that outlived their server, and says so in the
/// log.
void end_orphans(const std::filesystem::path& data);

}  // namespace embedded
