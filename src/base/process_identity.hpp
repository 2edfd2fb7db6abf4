// Processes, as another one on the same machine knows them.
#pragma once

#include <string>
#include <string_view>

namespace base {

/// A text that names this process among all of this machine, past and present: the boot's id, the namespace
/// of its process ids, its id and the time it was started (proc(5)). Empty where /proc does not tell.
std::string process_identity();

/// Whether the process that `identity` names has ended. False for one that cannot be seen from here: on
/// another machine, in another namespace, or unknown.
bool has_ended(std::string_view identity);

}  // namespace base
