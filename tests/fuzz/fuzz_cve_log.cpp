// Any bytes as the log of changes of the CVE list: a log whose ids are ids, or a refusal.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fetch/cve_cursor.hpp"
#include "fetch/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const fetch::CveLog log = fetch::read_cve_log(text, 0, "log");
    if (log.oldest > log.newest) std::abort();
    for (const auto& [id, change] : log.changed)
      if (!fetch::is_cve_id(id) || change.listed <= 0 || change.listed > log.newest) std::abort();
  } catch (const fetch::Error&) {
  }
  if (const auto cursor = fetch::read_cve_cursor(text)) fetch::to_text(*cursor);
  return 0;
}
