// links allow|deny A B --reason TEXT, links remove A B, links list
#include <unistd.h>

#include <CLI/App.hpp>
#include <cstdio>
#include <memory>

#include "advisory/identifier.hpp"
#include "base/format.hpp"
#include "base/process.hpp"
#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/error.hpp"
#include "cli/progress_display.hpp"
#include "cli/sync_options.hpp"
#include "pipeline/links.hpp"
#include "store/overrides.hpp"

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

void check_pair(const LinkFlags& flags, bool allow) {
  for (const std::string& id : {flags.a, flags.b})
    if (advisory::clean_identifier(id) != id) throw UsageError("'" + id + "' is no identifier");
  if (flags.a == flags.b) throw UsageError("a link needs two different identifiers");
  if (allow && advisory::is_cve(flags.a) && advisory::is_cve(flags.b))
    throw UsageError("two CVE ids are two vulnerabilities: no group ever holds both");
}

void tell(Context& context, const pipeline::VulnerabilityReport& changed) {
  if (!context.quiet())
    std::fputs(base::format("{} merged, {} split, {} created, {} removed, {} updated\n", changed.merged,
                            changed.split, changed.created, changed.removed, changed.updated)
                   .c_str(),
               stderr);
}

int decide(Context& context, const LinkFlags& flags, bool allow) {
  check_pair(flags, allow);
  if (flags.reason.empty()) throw UsageError("a decision needs its --reason: it is kept with it");
  Database database(context, Database::Missing::refuse);
  database.connect_migrated(Database::Route::direct);
  ProgressDisplay display(context.quiet());
  tell(context, pipeline::decide_link(writer_options(context, database, display),
                                      {flags.a, flags.b, allow, flags.reason, account_name()}));
  return 0;
}

int forget(Context& context, const LinkFlags& flags) {
  check_pair(flags, false);
  Database database(context, Database::Missing::refuse);
  database.connect_migrated(Database::Route::direct);
  ProgressDisplay display(context.quiet());
  tell(context,
       pipeline::forget_link(writer_options(context, database, display), flags.a, flags.b, account_name()));
  return 0;
}

int list(Context& context) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated();
  Table table({"A", "B", "DECISION", "BY", "REASON"});
  base::Arena arena;
  for (const store::LinkOverride& decision : store::load_overrides(connection)) {
    const char* word = decision.allow ? "allow" : "deny";
    table.add({decision.a, decision.b, word, decision.decided_by, decision.reason});
    if (context.output().wants_json())
      context.output().json(base::json::ObjectBuilder(arena)
                                .add("a", arena.copy(decision.a))
                                .add("b", arena.copy(decision.b))
                                .add("decision", word)
                                .add("decided_by", arena.copy(decision.decided_by))
                                .add("reason", arena.copy(decision.reason))
                                .finish());
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
      ->type_name("TEXT");
  add("deny", "No record links A and B", [flags](Context& context) { return decide(context, *flags, false); })
      ->add_option("--reason", flags->reason, "Why; kept with the decision")
      ->type_name("TEXT");
  add("remove", "Take the decision about A and B back; the table remembers it",
      [flags](Context& context) { return forget(context, *flags); });
  commands.on(commands.add(group, "list", "The decisions in force"), list);
}

}  // namespace cli
