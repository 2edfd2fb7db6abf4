// Any bytes as a GitLab advisory: see record.hpp.
#include "fuzz/fuzz_target.hpp"
#include "fuzz/record.hpp"

FUZZ_TARGET(gitlab) {
  fuzz::check_record(advisory::Source::gitlab, bytes);
}
