// changes [--after CURSOR] [--limit N]
#include <CLI/App.hpp>
#include <memory>

#include "base/hash.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/json_output.hpp"
#include "store/generated/lookup.hpp"

namespace cli {

namespace {

constexpr std::int32_t page_size = 1000;

struct ChangesFlags {
  std::int64_t after = 0;
  std::int64_t limit = std::numeric_limits<std::int64_t>::max();
};

base::json::Value as_json(const store::sql::ChangesAfterRow& change, base::Arena& arena) {
  base::json::ObjectBuilder object(arena);
  object.add("cursor", json_number(change.cursor, arena));
  object.add("uid", json_number(change.uid, arena));
  object.add("id", arena.copy(change.id));
  object.add("kind", arena.copy(change.kind));
  object.add("other_ids", json_strings(change.other_ids, arena));
  object.add("fields", json_strings(change.fields, arena));
  object.add("document_hash", change.document_hash
                                  ? base::json::Value::string(arena.copy(base::to_hex(*change.document_hash)))
                                  : base::json::Value());
  object.add("run_id", json_number(change.run_id, arena));
  object.add("at", json_time(change.at, arena));
  return object.finish();
}

int changes(Context& context, const ChangesFlags& flags) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated();
  std::int64_t after = flags.after;
  std::int64_t left = flags.limit;
  base::Arena arena;
  while (left > 0) {
    const auto page = store::sql::changes_after(connection, after, std::min<std::int64_t>(left, page_size));
    for (const auto& change : page) {
      arena.reset();
      context.output().json(as_json(change, arena));
      after = change.cursor;
    }
    left -= static_cast<std::int64_t>(page.size());
    if (page.size() < static_cast<std::size_t>(page_size)) break;
  }
  return 0;
}

}  // namespace

void add_changes(Commands& commands) {
  const auto flags = std::make_shared<ChangesFlags>();
  CLI::App& command = commands.add("changes", "The change feed, one JSON object per line");
  command.add_option("--after", flags->after, "Only changes after this cursor")->type_name("CURSOR");
  command.add_option("--limit", flags->limit, "At most so many")->type_name("N")->check(positive_number());
  commands.on(command, [flags](Context& context) { return changes(context, *flags); });
}

}  // namespace cli
