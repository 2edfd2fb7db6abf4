// `metrics` of a CVE record's containers: CVSS vectors, and what CISA's container adds (SSVC, KEV).
#pragma once

#include <span>
#include <string_view>

#include "advisory/advisory.hpp"
#include "base/arena.hpp"
#include "base/json.hpp"

namespace parse {

/// Reads the metrics of one container (objects whose CVSS members are objects with a text `vectorString`):
/// valid vectors go to `advisory.severity` with `origin`. For CISA's container (`is_cisa`) the first metric
/// of type ssvc goes to `ssvc` as one object {Exploitation, Automatable, "Technical Impact", timestamp, ...},
/// and one of type kev to `advisory.kev_added`, what else it says to `kev`. Returns the metrics without what
/// was mapped, an array or null. Of a CVSS object that has a valid vector also goes what follows from the
/// vector: version, scores, ratings and the spelled-out metrics that agree with it. So does the format's
/// boilerplate: `format: CVSS`, and `scenarios` that are just "GENERAL".
base::json::Value read_metrics(std::span<const base::json::Value> metrics, std::string_view origin,
                               bool is_cisa, base::Arena& arena, advisory::Advisory& advisory,
                               base::json::Value& ssvc, base::json::Value& kev);

}  // namespace parse
