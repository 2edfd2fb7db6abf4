// The target of a request (RFC 9112, 3.2): path and query, decoded once and strictly.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/message.hpp"

namespace api {

struct Target {
  std::vector<std::string> segments;  // of the path, decoded: "/a/b" gives "a", "b"
  std::vector<Field> query;           // decoded; '+' is a blank, as HTML forms have it
};

/// Reads a target in origin form ("/path?query") or absolute form ("http://host/path"). Throws Refusal (400)
/// for everything that can be read in two ways or that no address here has: a percent code that is none,
/// bytes that are no UTF-8 (overlong forms too), control characters, "." and ".." as segments, more than 64
/// parameters.
Target parse_target(std::string_view target);

/// Decodes percent codes; refuses as parse_target does. `what` names the text in the message.
std::string percent_decode(std::string_view text, bool plus_is_blank, std::string_view what);

}  // namespace api
