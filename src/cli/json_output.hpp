// Values of the database as JSON.
#pragma once

#include "store/json.hpp"

namespace cli {

using store::json_number;
using store::json_or_null;
using store::json_strings;
using store::json_text;
using store::json_time;
using store::time_text;

}  // namespace cli
