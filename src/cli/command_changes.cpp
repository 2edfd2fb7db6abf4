// changes [--after CURSOR] [--limit N]
#include <CLI/App.hpp>
#include <memory>
#include <optional>

#include "base/format.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "snapshot/directory.hpp"
#include "store/feed.hpp"
#include "store/status_json.hpp"

namespace cli {

namespace {

constexpr std::int32_t page_size = 1000;

struct ChangesFlags {
  std::optional<std::int64_t> after;
  std::int64_t limit = std::numeric_limits<std::int64_t>::max();
};

// A reader that goes on from a cursor must not miss what is not kept any more.
void check_kept(const Context& context, pg::Connection& connection, std::int64_t after) {
  const auto feed = store::sql::feed_position(connection);
  if (!feed || !store::is_too_old(*feed, after)) return;
  const snapshot::Directory exports(context.settings().data_dir / "exports");
  const auto latest = store::sql::latest_usable_export(connection, exports.canonical());
  throw base::Error(base::format(
      "changes after {} are not kept any more; {}", after,
      latest.empty()
          ? "make a snapshot with 'vuln-datasync export', load it and go on from its changes_cursor"
          : "load snapshot " + latest.front().version + " and go on from its changes_cursor"));
}

int changes(Context& context, const ChangesFlags& flags) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated();
  if (flags.after) check_kept(context, connection, *flags.after);
  std::int64_t after = flags.after.value_or(0);
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
  command.add_option("--after", flags->after, "Only changes after this cursor")
      ->type_name("CURSOR")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--limit", flags->limit, "At most so many")->type_name("N")->check(positive_number());
  commands.on(command, [flags](Context& context) { return changes(context, *flags); });
}

}  // namespace cli
