#include "parse/licenses.hpp"

#include "advisory/identifier.hpp"

namespace parse {

namespace {

struct Home {
  std::string_view prefix;
  std::string_view license;
};

// Only what the databases themselves state: a record of any other database has no known licence.
constexpr Home homes[] = {
    {"ALBA", "MIT"},          {"ALEA", "MIT"},       {"ALSA", "MIT"},        {"BIT", "Apache-2.0"},
    {"GHSA", "CC-BY-4.0"},    {"GO", "CC-BY-4.0"},   {"GSD", "CC0-1.0"},     {"HSEC", "CC0-1.0"},
    {"MAL", "Apache-2.0"},    {"OSV", "CC-BY-4.0"},  {"PSF", "CC-BY-4.0"},   {"PYSEC", "CC-BY-4.0"},
    {"RLSA", "BSD-3-Clause"}, {"RSEC", "CC-BY-4.0"}, {"RUSTSEC", "CC0-1.0"}, {"RXSA", "BSD-3-Clause"},
};

}  // namespace

std::string_view license_of_home_database(std::string_view id) {
  const std::string_view prefix = advisory::prefix_of(id);
  for (const Home& home : homes)
    if (home.prefix == prefix) return home.license;
  return {};
}

}  // namespace parse
