#include "snapshot/export_row.hpp"

#include <utility>

#include "base/format.hpp"
#include "base/host.hpp"
#include "base/log.hpp"
#include "store/generated/snapshot.hpp"

namespace snapshot {

namespace {

std::string location_of(const Directory& directory) {
  return base::format("{}:{}", base::host_name(), directory.canonical());
}

void warn(const base::Error& error) {
  base::log::warn("an export is not noted in the table exports", {{"reason", error.what()}});
}

}  // namespace

ExportRow::ExportRow(pg::Settings database, const Directory& directory, const Manifest& manifest)
    : database_(std::move(database)), location_(location_of(directory)) {
  std::vector<std::string_view> formats;
  for (const Format format : manifest.formats) formats.push_back(to_string(format));
  try {
    pg::Connection connection(database_);
    store::sql::abandon_exports(connection, location_);
    store::sql::begin_export(connection, manifest.version, formats, location_);
    exists_ = true;
  } catch (const pg::Error& error) {
    warn(error);
  }
}

void ExportRow::finish(const char* state, const Manifest& manifest) noexcept {
  if (!exists_) return;
  try {
    pg::Connection connection(database_);
    const std::string json = to_json(manifest);
    store::sql::finish_export(connection, state, pg::Json{json}, manifest.version, location_);
  } catch (const base::Error& error) {
    warn(error);
  }
}

void note_removal(pg::Connection& connection, const Directory& directory, const std::string& version) {
  try {
    store::sql::note_removed_export(connection, version, location_of(directory));
  } catch (const base::Error& error) {
    warn(error);
  }
}

}  // namespace snapshot
