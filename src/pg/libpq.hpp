// The only place that includes libpq. Private to this room: everything public speaks of Connection and
// Result.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>

#include "pg/error.hpp"

namespace pg::detail {

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
struct FreeMemory {
  void operator()(void* memory) const { PQfreemem(memory); }
};
struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using ResultHandle = std::unique_ptr<PGresult, Clear>;
using OptionsHandle = std::unique_ptr<PQconninfoOption, FreeOptions>;

/// The error that `result` (may be null) or else the connection reports, after "`what`: ".
Error error_of(PGconn* connection, const PGresult* result, std::string_view what);

/// Consumes the results that are still to come, so that the connection can be used again.
void drain(PGconn* connection);

/// The number of rows that the command of `result` says it wrote or returned.
std::uint64_t rows_affected(PGresult* result);

}  // namespace pg::detail
