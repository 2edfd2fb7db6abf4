// Licences of the home databases whose records OSV collects.
#pragma once

#include <string_view>

namespace parse {

/// The SPDX expression under which the home database of `id` publishes its records, or "" where it is not
/// known. Sources: https://google.github.io/osv.dev/data/ and the licence files it names.
std::string_view license_of_home_database(std::string_view id);

}  // namespace parse
