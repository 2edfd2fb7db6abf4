// Any bytes as a record of the CVE list: see record.hpp.
#include "fuzz/fuzz_target.hpp"
#include "fuzz/record.hpp"

FUZZ_TARGET(cve) {
  fuzz::check_record(advisory::Source::cve, bytes);
}
