// show ID [--format text|json] [--raw]
#include <CLI/App.hpp>
#include <memory>

#include "advisory/vulnerability.hpp"
#include "base/format.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/found.hpp"
#include "cli/vulnerability_text.hpp"
#include "store/dictionaries.hpp"

namespace cli {

namespace {

struct ShowFlags {
  std::string id;
  std::string format = "text";
  bool raw = false;
};

// Source records byte for byte: one as it is; of several each ends with a line end, so that they stay apart.
void print_raw(Context& context, pg::Connection& connection,
               const std::vector<store::sql::FindByIdentifierRow>& found) {
  const store::Dictionaries dictionaries = store::Dictionaries::load(connection);
  base::ZstdDecompressor decompressor;
  std::string bytes;
  for (const auto& vulnerability : found) {
    const auto records = store::sql::records_of_vulnerability(connection, vulnerability.uid);
    const bool several = records.size() + found.size() > 2;
    for (const auto& record : records) {
      dictionaries.decompress(decompressor, record.raw, bytes);
      context.output().write(bytes);
      if (several && !bytes.ends_with('\n')) context.output().write("\n");
    }
  }
}

int show(Context& context, const ShowFlags& flags) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated();
  const auto found = find_by_identifier(connection, flags.id);
  if (flags.raw) {
    print_raw(context, connection, found);
    return 0;
  }
  const bool as_json = flags.format == "json" || context.output().wants_json();
  base::Arena arena;
  for (const auto& vulnerability : found) {
    const base::json::Value document = advisory::parse_document(vulnerability.document, arena).value;
    if (as_json)
      context.output().json(document);
    else
      context.output().print(vulnerability_text(document));
  }
  return 0;
}

}  // namespace

void add_show(Commands& commands) {
  const auto flags = std::make_shared<ShowFlags>();
  CLI::App& command = commands.add("show", "One merged vulnerability by its id, a former id or any alias");
  command.add_option("ID", flags->id, "Identifier")->required();
  command.add_option("--format", flags->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command.add_flag("--raw", flags->raw, "The source records it is made of, byte for byte as received");
  commands.on(command, [flags](Context& context) { return show(context, *flags); });
}

}  // namespace cli
