// What kind of page a URL leads to, as far as the URL tells.
#pragma once

#include <string_view>

namespace parse {

/// ADVISORY for the pages of well-known vulnerability databases, vendors' and distributions' advisories; FIX
/// for a commit; WEB for everything else (types of https://ossf.github.io/osv-schema/#references-field).
std::string_view reference_type_of(std::string_view url);

}  // namespace parse
