#include "base/format.hpp"
#include "snapshot/export.hpp"
#include "store/json.hpp"

namespace snapshot {

base::json::Value to_json(const ExportResult& result, base::Arena& arena) {
  const auto seconds = [&](double value) {
    return base::json::Value::number(arena.copy(base::format("{:.3f}", value)));
  };
  const auto count = [&](std::uint64_t value) {
    return store::json_number(static_cast<std::int64_t>(value), arena);
  };
  return base::json::ObjectBuilder(arena)
      .add("version", arena.copy(result.manifest.version))
      .add("state", result.published ? "published" : "unchanged")
      .add("vulnerabilities", count(result.manifest.vulnerabilities()))
      .add("bytes", count(result.manifest.bytes()))
      .add("digest", arena.copy(result.manifest.digest))
      .add("seconds", seconds(result.seconds))
      .add("gate_seconds", seconds(result.gate_seconds))
      .finish();
}

}  // namespace snapshot
