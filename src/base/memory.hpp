// The memory of a process that works now and then.
#pragma once

namespace base {

/// Lets all threads share one part of the allocator per core, rather than the usual eight: what one thread
/// freed another uses again, so that a service with some fifty threads needs half the memory. For a process
/// that runs long; to be called before its other threads begin.
void share_freed_memory();

/// Gives memory that was freed back to the system. The allocator keeps it for each of its arenas, and threads
/// that come and go leave their own there: after some syncs a service would hold hundreds of megabytes that
/// it does not use. Takes some milliseconds; any thread.
void release_freed_memory();

}  // namespace base
