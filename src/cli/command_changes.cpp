// changes [--after CURSOR] [--limit N]
#include <CLI/App.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "store/status_json.hpp"

namespace cli {

namespace {

constexpr std::int32_t page_size = 1000;

struct ChangesFlags {
  std::int64_t after = 0;
  std::int64_t limit = std::numeric_limits<std::int64_t>::max();
};

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
      context.output().json(store::change_json(change, arena));
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
