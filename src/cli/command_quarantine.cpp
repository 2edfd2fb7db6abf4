// quarantine list | show SOURCE RECORD | retry
#include <CLI/App.hpp>
#include <memory>

#include "base/listed.hpp"
#include "base/signature.hpp"
#include "base/utf8.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/json_output.hpp"
#include "cli/progress_display.hpp"
#include "cli/sync_options.hpp"
#include "pipeline/retry.hpp"
#include "store/dictionaries.hpp"
#include "store/generated/quarantine.hpp"

namespace cli {

namespace {

// What the list and the record itself say alike, for programs.
template <typename Row>
base::json::ObjectBuilder& describe(const Row& row, std::string_view source, std::string_view record_id,
                                    base::json::ObjectBuilder& object, base::Arena& arena) {
  return object.add("source", source)
      .add("record_id", record_id)
      .add("reason", row.reason)
      .add("detail", row.detail)
      .add("location", row.location)
      .add("run_id", json_number(row.run_id, arena))
      .add("first_seen", json_time(row.first_seen, arena))
      .add("last_seen", json_time(row.last_seen, arena));
}

int list(Context& context) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated();
  Table table({"SOURCE", "RECORD", "REASON", "SINCE", "DETAIL"});
  base::Arena arena;
  for (const auto& row : store::sql::list_quarantine(connection)) {
    if (!context.output().wants_json()) {
      table.add({row.source, row.record_id, row.reason,
                 time_text(std::chrono::floor<std::chrono::seconds>(row.first_seen)), row.detail});
      continue;
    }
    arena.reset();
    base::json::ObjectBuilder object(arena);
    context.output().json(describe(row, row.source, row.record_id, object, arena).finish());
  }
  if (!context.output().wants_json() && !table.empty()) context.output().print(table.to_string());
  return 0;
}

// As JSON the bytes are in base64, because they may be anything; beside it as text where they are text.
void show_json(Context& context, const store::sql::GetQuarantinedRow& row, const std::string& source,
               const std::string& record, std::string_view bytes) {
  base::Arena arena;
  base::json::ObjectBuilder object(arena);
  describe(row, source, record, object, arena);
  if (base::is_valid_utf8(bytes)) object.add("raw_text", bytes);
  context.output().json(object.add("raw_base64", json_text(base::to_base64(bytes), arena)).finish());
}

// The bytes alone go to standard output, so that they can be piped; the reason stands on standard error.
int show(Context& context, const std::string& source, const std::string& record) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated();
  const auto rows = store::sql::get_quarantined(connection, source, record);
  if (rows.empty())
    throw base::Error("no record " + record + " of " + source +
                      " is in quarantine; 'quarantine list' names them");
  const store::Dictionaries dictionaries = store::Dictionaries::load(connection);
  base::ZstdDecompressor decompressor;
  std::string bytes;
  dictionaries.decompress(decompressor, rows.front().raw, bytes);
  if (context.output().wants_json()) {
    show_json(context, rows.front(), source, record, bytes);
    return 0;
  }
  if (!context.quiet())
    std::fprintf(stderr, "%s: %s\n", rows.front().reason.c_str(), visible(rows.front().detail).c_str());
  context.output().write(bytes);
  return 0;
}

int retry(Context& context) {
  Database database(context, Database::Missing::refuse);
  database.connect_migrated(Database::Route::direct);
  database.keep_alive();
  ProgressDisplay display(context.quiet());
  const pipeline::Report report = pipeline::retry_quarantined(writer_options(context, database, display));
  display.finish();
  context.output().write(context.output().wants_json() ? pipeline::to_json(report) + "\n"
                                                       : report_text(report));
  return exit_status(report);
}

struct RecordName {
  std::string source;
  std::string record;
};

}  // namespace

void add_quarantine(Commands& commands) {
  CLI::App& group = commands.add("quarantine", "Records that could not be taken in");
  commands.on(commands.add(group, "list", "Which, since when and why"), list);
  const auto name = std::make_shared<RecordName>();
  CLI::App& command = commands.add(group, "show", "The bytes of one, and why it was refused");
  command.add_option("SOURCE", name->source, base::listed(advisory::all_sources, "or"))->required();
  command.add_option("RECORD", name->record, "Record id, as in the list")->required();
  commands.on(command, [name](Context& context) { return show(context, name->source, name->record); });
  commands.on(commands.add(group, "retry", "Read them again, after an upgrade of this program"), retry);
}

}  // namespace cli
