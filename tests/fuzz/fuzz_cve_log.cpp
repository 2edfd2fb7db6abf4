// Any bytes as the log of changes of the CVE list: a log whose ids are ids, or a refusal.
#include <string_view>

#include "fetch/cve_cursor.hpp"
#include "fetch/error.hpp"
#include "fuzz/fuzz_target.hpp"

FUZZ_TARGET(cve_log) {
  try {
    const fetch::CveLog log = fetch::read_cve_log(bytes, 0, "log");
    fuzz::require(log.oldest <= log.newest, "the log goes forward");
    for (const auto& [id, change] : log.changed)
      fuzz::require(fetch::is_cve_id(id) && change.listed > 0 && change.listed <= log.newest, "a change");
  } catch (const fetch::Error&) {
  }
  if (const auto cursor = fetch::read_cve_cursor(bytes)) fetch::to_text(*cursor);
}
