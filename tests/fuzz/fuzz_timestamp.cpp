// Any text as a time: none, or an instant that survives being written.
#include "advisory/timestamp.hpp"
#include "fuzz/fuzz_target.hpp"

FUZZ_TARGET(timestamp) {
  const auto instant = advisory::parse_instant(bytes);
  if (!instant) return;
  fuzz::require(instant->nanos < 1'000'000'000, "nanoseconds are less than a second");
  fuzz::require(advisory::parse_instant(advisory::format_instant(*instant)) == instant,
                "written, it is itself");
  advisory::to_microseconds(*instant);
}
