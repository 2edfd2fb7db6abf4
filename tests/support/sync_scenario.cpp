#include "support/sync_scenario.hpp"

#include "pg/migrations.hpp"
#include "pipeline/sync.hpp"
#include "store/digest.hpp"
#include "support/cve_project.hpp"
#include "support/files.hpp"
#include "support/zip_builder.hpp"

namespace support {

namespace {

class Silence : public pipeline::Progress {
 public:
  void begin(std::string_view, std::string_view, std::uint64_t) override {}
  void advance(std::uint64_t) override {}
  void note(std::string_view) override {}
};

Silence& silence() {
  static Silence only;
  return only;
}

void migrate(const TestDatabase& database) {
  pg::Connection connection = database.connect();
  pg::Migrator(connection).up();
}

}  // namespace

std::string osv_record(std::string_view id, std::string_view modified, std::string_view more) {
  std::string text = R"({"id":")" + std::string(id) + R"(","modified":")" + std::string(modified) + '"';
  if (!more.empty()) text += "," + std::string(more);
  return text + "}";
}

std::string cve_record(std::string_view id, std::string_view description) {
  return cve_record(id, description, "2024-02-03T04:05:06.000Z");
}

SyncScenario::SyncScenario() : directory_("vuln-datasync-test") {
  migrate(database_);
  options.sources = {advisory::Source::osv, advisory::Source::gitlab, advisory::Source::cve};
  options.mirror = mirror().string();
  options.cache = directory_.path() / "cache";
  options.database = database_.settings();
  for (const advisory::Source source : advisory::all_sources) options.parse_threads[source] = 2;
  options.worker = "test:1";
  options.wait = false;
  options.progress = &silence();
}

pipeline::Report SyncScenario::sync() {
  ZipBuilder osv_zip;
  for (const auto& [id, bytes] : osv) osv_zip.add(id + ".json", bytes);
  for (const auto& [name, bytes] : extra_osv_entries) osv_zip.add(name, bytes);
  if (!osv.empty() || !extra_osv_entries.empty()) write_file(mirror() / "osv/all.zip", osv_zip.finish());
  ZipBuilder cve_zip;
  for (const auto& [id, bytes] : cve) {
    const std::string number = id.substr(9);
    cve_zip.add("cvelistV5-main/cves/" + id.substr(4, 4) + "/" + number.substr(0, number.size() - 3) +
                    "xxx/" + id + ".json",
                bytes);
  }
  if (!cve.empty()) write_file(mirror() / "cve/main.zip", cve_zip.finish());
  return sync_again();
}

pipeline::Report SyncScenario::sync_again() {
  return pipeline::sync(options);
}

std::string SyncScenario::digest() {
  pg::Connection connection = database_.connect();
  return base::to_hex(store::digest(connection).sha256);
}

std::string SyncScenario::digest_of_fresh_sync() {
  const TestDatabase fresh;
  migrate(fresh);
  pipeline::Options fresh_options = options;
  fresh_options.database = fresh.settings();
  pipeline::sync(fresh_options);
  pg::Connection connection = fresh.connect();
  return base::to_hex(store::digest(connection).sha256);
}

std::vector<std::string> SyncScenario::column(std::string_view sql) {
  pg::Connection connection = database_.connect();
  std::vector<std::string> values;
  const std::string text = "SELECT (x.*)::text FROM (" + std::string(sql) + ") x";
  for (const auto row : connection.query(text)) values.push_back(row.get<std::string>(0));
  for (std::string& value : values) value = value.substr(1, value.size() - 2);  // a row's parentheses
  return values;
}

std::string SyncScenario::value(std::string_view sql) {
  const auto values = column(sql);
  return values.size() == 1 ? values.front() : std::to_string(values.size()) + " rows";
}

std::string counts(const pipeline::Report& report, advisory::Source source) {
  const auto found = report.sources.find(source);
  if (found == report.sources.end()) return "not asked";
  const pipeline::SourceReport& s = found->second;
  std::string text(s.mode);
  for (const std::uint64_t count :
       {s.seen, s.inserted, s.updated, s.unchanged, s.quarantined, s.deleted, s.duplicates})
    text += " " + std::to_string(count);
  return text;
}

}  // namespace support
