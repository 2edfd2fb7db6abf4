// The CVSS objects of the CVE record format: a vector, and the same once more in words and numbers.
#pragma once

#include "advisory/cvss.hpp"
#include "base/arena.hpp"
#include "base/json.hpp"

namespace parse {

/// `cvss` (https://www.first.org/cvss/cvss-v3.1.json and its siblings for 2.0, 3.0 and 4.0) without its
/// vector and the members that follow from it; null when nothing is left. What contradicts the vector is
/// kept.
base::json::Value without_what_the_vector_says(const base::json::Value& cvss, const advisory::Cvss& read,
                                               base::Arena& arena);

}  // namespace parse
