#include "base/utf8.hpp"

#include <simdjson.h>

namespace base {

bool is_valid_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace base
