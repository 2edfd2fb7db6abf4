#include <gtest/gtest.h>

#include "parse/parse.hpp"
#include "support/golden.hpp"
#include "support/print_advisory.hpp"

namespace parse {
namespace {

TEST(ParseOsv, GoldenFiles) {
  support::check_golden_files("tests/unit/parse/osv", ".json", 1, [](const std::string& bytes) {
    base::Arena arena;
    return support::print(parse_osv("", bytes, arena));
  });
}

}  // namespace
}  // namespace parse
