// links allow|deny A B --reason TEXT, links remove A B, links list [--all]
#include <unistd.h>

#include <CLI/App.hpp>
#include <array>
#include <cstdio>
#include <memory>
#include <set>

#include "advisory/identifier.hpp"
#include "base/format.hpp"
#include "base/log.hpp"
#include "base/process.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/error.hpp"
#include "cli/json_output.hpp"
#include "cli/progress_display.hpp"
#include "cli/sync_options.hpp"
#include "pipeline/links.hpp"
#include "store/generated/links.hpp"
#include "store/generated/lookup.hpp"

namespace cli {

namespace {

struct LinkFlags {
  std::string a;
  std::string b;
  std::string reason;
};

std::string account_name() {
  const auto account = base::find_account(::getuid());
  return account ? account->name : std::to_string(::getuid());
}

void check_pair(const LinkFlags& flags) {
  for (const std::string& id : {flags.a, flags.b})
    if (advisory::clean_identifier(id) != id) throw UsageError("'" + id + "' is no identifier");
  if (flags.a == flags.b) throw UsageError("a link needs two different identifiers");
}

// A CVE id that was rejected names no vulnerability of its own, and may be said to be another one.
void check_anchors(const LinkFlags& flags, pg::Connection& connection) {
  if (!advisory::is_cve(flags.a) || !advisory::is_cve(flags.b)) return;
  const std::array<std::string_view, 2> ids = {flags.a, flags.b};
  if (store::sql::rejected_cve_ids(connection, ids).empty())
    throw UsageError("two CVE ids are two vulnerabilities: no group ever holds both");
}

void tell(Context& context, const pipeline::VulnerabilityReport& changed) {
  if (!context.quiet())
    std::fputs(base::format("{} merged, {} split, {} created, {} removed, {} updated\n", changed.merged,
                            changed.split, changed.created, changed.removed, changed.updated)
                   .c_str(),
               stderr);
}

// What the operator may not expect: an id that nobody knows yet, or a denied pair that other claims hold
// together.
void warn_of_outcome(const LinkFlags& flags, bool allow, pg::Connection& connection) {
  std::set<std::int64_t> shared;
  for (const std::string& id : {flags.a, flags.b}) {
    const auto found = store::sql::find_by_identifier(connection, id);
    if (found.empty())
      base::log::warn("no record names the identifier yet; the decision waits for one", {{"id", id}});
    for (const auto& row : found)
      if ((row.kind == "id" || row.kind == "alias") && !shared.insert(row.uid).second && !allow)
        base::log::warn("the two are one vulnerability still, by what other records claim: see explain",
                        {{"id", row.id}});
  }
}

int decide(Context& context, const LinkFlags& flags, bool allow) {
  check_pair(flags);
  if (flags.reason.empty()) throw UsageError("a decision needs its --reason: it is kept with it");
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated(Database::Route::direct);
  if (allow) check_anchors(flags, connection);
  ProgressDisplay display(context.quiet());
  tell(context, pipeline::decide_link(writer_options(context, database, display),
                                      {flags.a, flags.b, allow, flags.reason, account_name()}));
  warn_of_outcome(flags, allow, connection);
  return 0;
}

int forget(Context& context, const LinkFlags& flags) {
  check_pair(flags);
  Database database(context, Database::Missing::refuse);
  database.connect_migrated(Database::Route::direct);
  ProgressDisplay display(context.quiet());
  tell(context,
       pipeline::forget_link(writer_options(context, database, display), flags.a, flags.b, account_name()));
  return 0;
}

void list_json(Context& context, const store::sql::AllOverridesRow& row, const char* decision) {
  base::Arena arena;
  const auto time = [&](pg::Timestamp at) { return json_time(at, arena); };
  const auto text = [&](const std::string& by) { return json_text(by, arena); };
  context.output().json(base::json::ObjectBuilder(arena)
                            .add("a", row.a)
                            .add("b", row.b)
                            .add("decision", decision)
                            .add("decided_by", row.decided_by)
                            .add("decided_at", time(row.decided_at))
                            .add("reason", row.reason)
                            .add("revoked_by", json_or_null(row.revoked_by, text))
                            .add("revoked_at", json_or_null(row.revoked_at, time))
                            .finish());
}

// A pair's decisions in the order in which they were made; one that was taken back only for the history.
int list(Context& context, bool all) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated();
  const auto day = [](pg::Timestamp at) { return time_text(at).substr(0, std::size("2026-01-01") - 1); };
  Table table({"A", "B", "DECISION", "BY", "SINCE", "TAKEN BACK", "REASON"});
  for (const store::sql::AllOverridesRow& row : store::sql::all_overrides(connection)) {
    if (row.revoked_at && !all) continue;
    const char* decision = row.allow ? "allow" : "deny";
    if (context.output().wants_json()) {
      list_json(context, row, decision);
      continue;
    }
    const std::string taken_back = row.revoked_at ? day(*row.revoked_at) + " by " + *row.revoked_by : "-";
    table.add({row.a, row.b, decision, row.decided_by, day(row.decided_at), taken_back, row.reason});
  }
  if (!context.output().wants_json() && !table.empty()) context.output().print(table.to_string());
  return 0;
}

}  // namespace

void add_links(Commands& commands) {
  CLI::App& group =
      commands.add("links", "Decisions about pairs of ids that the rule of identity gets wrong");
  const auto flags = std::make_shared<LinkFlags>();
  const auto add = [&](const char* name, const char* description, Action action) {
    CLI::App& command = commands.add(group, name, description);
    command.add_option("A", flags->a, "Identifier")->required();
    command.add_option("B", flags->b, "Identifier")->required();
    commands.on(command, std::move(action));
    return &command;
  };
  add("allow", "A and B are the same vulnerability, whatever records say",
      [flags](Context& context) { return decide(context, *flags, true); })
      ->add_option("--reason", flags->reason, "Why; kept with the decision")
      ->type_name("TEXT")
      ->required();
  add("deny", "No record links A and B", [flags](Context& context) { return decide(context, *flags, false); })
      ->add_option("--reason", flags->reason, "Why; kept with the decision")
      ->type_name("TEXT")
      ->required();
  add("remove", "Take the decision about A and B back; the table remembers it",
      [flags](Context& context) { return forget(context, *flags); });
  const auto all = std::make_shared<bool>(false);
  CLI::App& listing = commands.add(group, "list", "The decisions in force");
  listing.add_flag("--all", *all, "Those that were taken back or replaced as well");
  commands.on(listing, [all](Context& context) { return list(context, *all); });
}

}  // namespace cli
