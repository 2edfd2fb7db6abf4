#include "pg/child.hpp"

#include <map>

#include "pg/libpq.hpp"

namespace pg {

namespace {

std::string text_or_empty(const char* text) {
  return text != nullptr ? text : "";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> environment_of(const Connection& connection,
                                                                std::string_view database) {
  const detail::OptionsHandle options{PQconninfo(connection.native())};
  if (!options) throw Error("no memory for the options of a connection");
  std::map<std::string, std::string> variables;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option)
    if (option->envvar != nullptr && option->val != nullptr && *option->val != '\0')
      variables[option->envvar] = option->val;
  // Of several hosts and addresses, the one that was reached.
  variables["PGHOST"] = text_or_empty(PQhost(connection.native()));
  variables["PGPORT"] = text_or_empty(PQport(connection.native()));
  variables["PGHOSTADDR"] = text_or_empty(PQhostaddr(connection.native()));
  variables["PGUSER"] = text_or_empty(PQuser(connection.native()));
  variables["PGDATABASE"] =
      database.empty() ? text_or_empty(PQdb(connection.native())) : std::string(database);
  variables["PGPASSWORD"] = text_or_empty(PQpass(connection.native()));
  variables.erase("PGTARGETSESSIONATTRS");
  variables.erase("PGSERVICE");
  std::erase_if(variables, [](const auto& variable) { return variable.second.empty(); });
  return {variables.begin(), variables.end()};
}

}  // namespace pg
