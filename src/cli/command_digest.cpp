// digest
#include <CLI/App.hpp>

#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "store/digest.hpp"

namespace cli {

namespace {

int digest(Context& context) {
  Database database(context, Database::Missing::refuse);
  pg::Connection connection = database.connect_migrated();
  const store::Digest digest = store::digest(connection);
  const std::string hex = base::to_hex(digest.sha256);
  if (!context.output().wants_json()) {
    context.output().line(hex);
    return 0;
  }
  base::Arena arena;
  base::json::ObjectBuilder object(arena);
  object.add("digest", hex);
  object.add("vulnerabilities",
             base::json::Value::number(arena.copy(std::to_string(digest.vulnerabilities))));
  context.output().json(object.finish());
  return 0;
}

}  // namespace

void add_digest(Commands& commands) {
  commands.on(commands.add("digest", "Print one line that is the same wherever the merged content is"),
              digest);
}

}  // namespace cli
