// Texts, weaknesses and people of a CVE record's containers. Each function maps what the model holds and
// returns what is left, an array or null. Members have been checked for their types.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"
#include "base/arena.hpp"
#include "base/json.hpp"
#include "parse/normalize.hpp"

namespace parse {

/// The first `characters` code points of `text`, which is valid UTF-8.
std::string_view first_characters(std::string_view text, std::size_t characters);

/// `list` has {lang, value, ...}. `details` becomes the first value in English: any language tag that begins
/// with "en", in either case. Where there is none it becomes the first value, which then also stays in the
/// rest, because only there its language is said.
base::json::Value read_description(std::span<const base::json::Value> list, base::Arena& arena,
                                   std::string_view& details);

/// `list` has {descriptions: [{cweId, ...}]}. Appends the CWE ids.
base::json::Value read_problem_types(std::span<const base::json::Value> list, base::Arena& arena,
                                     std::vector<std::string_view>& cwe_ids);

/// `list` has {value, type, ...}. A credit without type is a finder's (the format's default).
base::json::Value read_cve_credits(std::span<const base::json::Value> list, base::Arena& arena,
                                   std::vector<advisory::Credit>& credits, Misfits& misfits);

}  // namespace parse
