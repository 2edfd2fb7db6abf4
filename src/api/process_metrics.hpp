// What the kernel counts of this process, under the names that Prometheus' own clients give it.
#pragma once

#include "api/metrics.hpp"

namespace api {

void write_process_metrics(MetricsText& text);

}  // namespace api
