// The change feed.
#pragma once

#include "api/message.hpp"

namespace api {

class Backend;

/// One page after a cursor. Where nothing is there yet and the client waits, an answer to be held.
Response list_changes(Backend& backend, const Request& request);

}  // namespace api
