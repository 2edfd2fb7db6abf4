// The memory of a process that works now and then.
#pragma once

namespace base {

/// Gives memory that was freed back to the system. The allocator keeps it for each of its arenas, and threads
/// that come and go leave their own there: after some syncs a service would hold hundreds of megabytes that
/// it does not use. Takes some milliseconds; any thread.
void release_freed_memory();

}  // namespace base
