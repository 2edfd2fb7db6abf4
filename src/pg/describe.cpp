#include "pg/describe.hpp"

#include "pg/libpq.hpp"

namespace pg {

StatementDescription describe(Connection& connection, std::string_view sql) {
  constexpr const char* unnamed = "";
  const std::string text(sql);
  detail::ResultHandle result{PQprepare(connection.native(), unnamed, text.c_str(), 0, nullptr)};
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK)
    throw detail::error_of(connection.native(), result.get(), "describing a statement");
  result.reset(PQdescribePrepared(connection.native(), unnamed));
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK)
    throw detail::error_of(connection.native(), result.get(), "describing a statement");

  StatementDescription description;
  for (int i = 0; i < PQnparams(result.get()); ++i)
    description.parameters.push_back(PQparamtype(result.get(), i));
  for (int i = 0; i < PQnfields(result.get()); ++i)
    description.columns.push_back({PQfname(result.get(), i), PQftype(result.get(), i),
                                   PQftable(result.get(), i), PQftablecol(result.get(), i)});
  return description;
}

}  // namespace pg
