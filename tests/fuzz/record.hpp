// What holds for any bytes as a record of any source: an Advisory or a refusal, the same one every time, and
// what is in an Advisory is what it says.
#pragma once

#include <string_view>

#include "advisory/advisory.hpp"

namespace fuzz {

void check_record(advisory::Source source, std::string_view bytes);

}  // namespace fuzz
