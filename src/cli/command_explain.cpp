// explain ID
#include <CLI/App.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/found.hpp"
#include "merge/explain.hpp"
#include "pipeline/component.hpp"

namespace cli {

namespace {

int explain(Context& context, const std::string& id) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated();
  base::Arena arena;
  for (const auto& vulnerability : find_by_identifier(connection, id)) {
    const pipeline::Component component(connection, vulnerability.id, arena);
    const base::json::Value explanation = component.explain(vulnerability.id, arena);
    if (context.output().wants_json())
      context.output().json(explanation);
    else
      context.output().print(merge::explanation_text(explanation));
  }
  return 0;
}

}  // namespace

void add_explain(Commands& commands) {
  const auto id = std::make_shared<std::string>();
  CLI::App& command =
      commands.add("explain", "Why a vulnerability says what it says: every value's winner and losers");
  command.add_option("ID", *id, "Identifier")->required();
  commands.on(command, [id](Context& context) { return explain(context, *id); });
}

}  // namespace cli
