// What this machine is called.
#pragma once

#include <string>

namespace base {

/// The system's host name, or "unknown-host".
std::string host_name();

}  // namespace base
