#include "snapshot/export.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "advisory/timestamp.hpp"
#include "base/file_writer.hpp"
#include "base/format.hpp"
#include "base/log.hpp"
#include "base/version.hpp"
#include "base/zstd_stream.hpp"
#include "pg/migrations.hpp"
#include "snapshot/directory.hpp"
#include "snapshot/documents.hpp"
#include "snapshot/dump_owners.hpp"
#include "snapshot/export_row.hpp"
#include "snapshot/gate.hpp"
#include "snapshot/layout.hpp"
#include "snapshot/origins.hpp"
#include "snapshot/postgres_tools.hpp"
#include "snapshot/verify.hpp"
#include "store/generated/status.hpp"
#include "store/json.hpp"

namespace snapshot {

namespace {

using Clock = std::chrono::steady_clock;

// Level 9 is two thirds of the size of level 3 for documents, and still no slower than they are read.
constexpr int lines_level = 9;

// A consumer that sees no newer snapshot by then should ask why. While exports run, an unchanged database is
// published again when half of it is over, so that the newest snapshot never expires.
constexpr std::chrono::hours validity{24 * 7};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

bool wants(const ExportOptions& options, Format format) {
  return std::find(options.formats.begin(), options.formats.end(), format) != options.formats.end();
}

void tell(const ExportOptions& options, std::string_view stage, std::uint64_t done, std::uint64_t total) {
  if (options.stop.stop_requested()) throw base::Error("the export was interrupted; nothing was published");
  if (options.progress) options.progress(stage, done, total);
}

/// One state of the database, and what there is to say about it.
struct View {
  pg::Connection connection;
  pg::Transaction transaction;
  std::string exported;  // its name for other connections
  std::vector<store::sql::SourceStatesRow> sources;

  explicit View(const pg::Settings& settings)
      : connection(settings), transaction(connection, pg::Transaction::Mode::read_only_snapshot) {
    connection.exec("SET LOCAL idle_in_transaction_session_timeout = 0");  // idle while others read
    exported = store::sql::export_transaction(connection).value().snapshot;
    sources = store::sql::source_states(connection);
  }
};

/// What is known before anything is written.
Manifest describe(View& view, const ExportOptions& options) {
  Manifest manifest;
  manifest.schema = view.connection.schema();
  manifest.schema_version = pg::Migrator(view.connection).state().version.value_or(0);
  manifest.program_version = base::version;
  const auto feed = store::sql::snapshot_position(view.connection).value();
  manifest.feed_id = feed.feed_id;
  manifest.changes_cursor = feed.changes_cursor;
  manifest.formats = options.formats;
  manifest.records = row_counts(store::sql::count_rows(view.connection).value());
  manifest.sources = source_origins(view.connection, view.sources);
  if (options.key) manifest.signed_by = key_name(options.key->number);
  return manifest;
}

/// Whether the newest snapshot says all that a new one would.
bool is_unchanged(const Manifest& newest, const Manifest& now) {
  const auto half_over = std::chrono::system_clock::now() + validity / 2;
  const bool has_formats = std::all_of(now.formats.begin(), now.formats.end(), [&](Format format) {
    return std::find(newest.formats.begin(), newest.formats.end(), format) != newest.formats.end();
  });
  const auto until = advisory::parse_instant(newest.valid_until);
  return has_formats && newest.digest == now.digest && newest.feed_id == now.feed_id &&
         newest.changes_cursor == now.changes_cursor && newest.records == now.records &&
         newest.schema_version == now.schema_version && newest.schema == now.schema &&
         newest.program_version == now.program_version && newest.signed_by == now.signed_by && until &&
         std::chrono::sys_seconds(std::chrono::seconds(until->seconds)) > half_over;
}

/// The files that are made of documents.
class DocumentFiles {
 public:
  DocumentFiles(const ExportOptions& options, const std::filesystem::path& path, std::uint64_t documents) {
    if (wants(options, Format::osv)) osv_.emplace(path / osv_name, documents);
    if (!wants(options, Format::jsonl)) return;
    lines_file_ = std::make_unique<base::FileWriter>(path / lines_name);
    lines_ = std::make_unique<base::ZstdWriter>(
        lines_level, [file = lines_file_.get()](std::string_view bytes) { file->write(bytes); });
  }
  void add(const Portion& portion) {
    if (lines_) lines_->write(portion.lines);
    for (const OsvEntry& entry : portion.entries) osv_->add(entry);
  }
  void finish() {
    if (osv_) osv_->finish();
    if (!lines_) return;
    lines_->finish();
    lines_file_->close();
  }
  bool has_osv() const { return osv_.has_value(); }
  bool has_lines() const { return lines_ != nullptr; }

 private:
  std::optional<OsvTree> osv_;
  std::unique_ptr<base::FileWriter> lines_file_;
  std::unique_ptr<base::ZstdWriter> lines_;
};

void write_documents(const ExportOptions& options, const View& view, const Inventory& inventory,
                     const std::filesystem::path& path, std::optional<PostgresDump>& dump) {
  const std::uint64_t total = inventory.digest.vulnerabilities;
  DocumentFiles files(options, path, total);
  if (!files.has_osv() && !files.has_lines()) return;
  std::uint64_t done = 0;
  const auto walk = [&](const DocumentList& list, Products products) {
    DocumentWalk documents(options.database, view.exported, list, products, options.threads);
    while (const auto portion = documents.next()) {
      files.add(*portion);
      if (dump) dump->check();
      done += portion->documents;
      tell(options, "export", std::min(done, total), total);
    }
  };
  walk(inventory.all, {files.has_lines(), files.has_osv(), false});
  if (files.has_osv()) walk(inventory.private_ones, {false, false, true});
  files.finish();
}

/// Lists and signs what was written.
void seal(Manifest& manifest, const ExportOptions& options, const std::filesystem::path& path) {
  manifest.files = hash_files(path, {});
  const std::string json = to_json(manifest);
  std::vector<File> all = manifest.files;
  const auto add = [&](const char* name, const std::string& text) {
    base::write_file_atomically(path / name, text);
    all.push_back(hash_file(path, name));
  };
  add(manifest_name, json);
  if (options.key) add(signature_name, sign(*options.key, json, trusted_comment(manifest.version)));
  std::sort(all.begin(), all.end(), [](const File& a, const File& b) { return a.path < b.path; });
  base::write_file_atomically(path / checksums_name, checksums(all));
}

ExportResult write_snapshot(const ExportOptions& options, Turn& turn, View& view, Manifest manifest,
                            const Inventory& inventory, Clock::time_point start) {
  Incoming incoming(turn, options.stop);
  manifest.version = incoming.version();
  const auto built = time_of_version(manifest.version).value();
  manifest.built_at = store::time_text(built);
  manifest.valid_until = store::time_text(built + validity);
  ExportRow row(options.database, turn.directory(), manifest);
  try {
    std::optional<PostgresDump> dump;
    if (wants(options, Format::postgres))
      dump.emplace(find_postgres_tools(view.connection.server_version()), view.connection, view.exported,
                   incoming.path() / dump_name);
    write_documents(options, view, inventory, incoming.path(), dump);
    tell(options, "dump", 0, 0);
    if (dump) {
      dump->wait(options.stop);
      remove_owners(incoming.path() / dump_name);
    }
    view.transaction.commit();  // nobody reads it any more: the server may clean up behind it

    tell(options, "hash", 0, 0);
    seal(manifest, options, incoming.path());
    ExportResult result{true, manifest, seconds_since(start), 0};
    tell(options, "check", 0, 0);
    const auto gate = Clock::now();
    verify_content(incoming.path(), manifest, options.scratch, options.stop);
    result.gate_seconds = seconds_since(gate);
    tell(options, "publish", 0, 0);
    incoming.publish();
    row.finish("published", manifest);
    return result;
  } catch (...) {
    row.finish("failed", manifest);
    throw;
  }
}

}  // namespace

ExportResult export_snapshot(const ExportOptions& options) {
  const auto start = Clock::now();
  Turn turn{Directory(options.directory)};
  turn.settle_latest();

  View view(options.database);
  pg::Migrator(view.connection).require_current();
  if (store::sql::count_deferred_indexes(view.connection).value().indexes > 0)
    throw RefusedError(
        "nothing is exported: the first load of the database is not finished. Run 'vuln-datasync sync'");
  if (!options.allow_stale) require_fresh(view.sources, options.enabled_sources);
  Manifest manifest = describe(view, options);
  std::optional<Manifest> previous;
  if (const auto newest = turn.directory().newest()) previous = turn.directory().manifest(*newest);
  require_enough(manifest.vulnerabilities(), previous, options.allow_shrink);

  tell(options, "inventory", 0, 0);
  const Inventory inventory = take_inventory(view.connection);
  manifest.digest = base::to_hex(inventory.digest.sha256);
  if (previous && is_unchanged(*previous, manifest)) return {false, *previous, seconds_since(start), 0};
  if (previous) manifest.previous_version = previous->version;
  return write_snapshot(options, turn, view, std::move(manifest), inventory, start);
}

}  // namespace snapshot
