// Any bytes as what stands in a shared Redis for an answer: none, or one that survives being written. The
// same bytes behind a checksum that fits, too: whoever can write there can compute it.
#include <string>

#include "api/shared_cache.hpp"
#include "base/hash.hpp"
#include "fuzz/fuzz_target.hpp"

namespace {

void check(std::string_view bytes) {
  const auto answer = api::decode_answer(bytes);
  if (!answer) return;
  fuzz::require(!answer->found->hits.empty(), "an answer has a hit");
  fuzz::require(api::encode_answer(*answer->found, answer->cursor) == bytes, "an answer survives");
}

}  // namespace

FUZZ_TARGET(shared_answer) {
  check(bytes);
  check(std::string(base::bytes_of(base::fast128(bytes))).append(bytes));
}
