// What the service manager that started us wants to know (sd_notify(3), whose protocol is a datagram).
#pragma once

#include <string_view>

namespace cli {

/// Sends a state such as "READY=1" or "STOPPING=1" to $NOTIFY_SOCKET; nothing where there is none.
void notify_service_manager(std::string_view state);

}  // namespace cli
