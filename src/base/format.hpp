// Text with values in it: base::format("{} of {} records", 3, 10). std::format is not in g++ 12 yet.
#pragma once

#include <fmt/format.h>

namespace base {

using fmt::format;

}  // namespace base
