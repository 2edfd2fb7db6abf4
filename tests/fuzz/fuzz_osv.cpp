// Any bytes as an OSV record: see record.hpp.
#include "fuzz/fuzz_target.hpp"
#include "fuzz/record.hpp"

FUZZ_TARGET(osv) {
  fuzz::check_record(advisory::Source::osv, bytes);
}
