#include "pg/libpq.hpp"

#include <charconv>

#include "pg/connection_string.hpp"

namespace pg::detail {
namespace {

std::string_view field_of(const PGresult* result, int code) {
  const char* text = result != nullptr ? PQresultErrorField(result, code) : nullptr;
  return text != nullptr ? text : "";
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

/// 0 where `digits` is no number.
std::uint64_t number(std::string_view digits) {
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// libpq ends its messages with a line feed, and gives one line per host that it tried.
std::string one_line(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  std::string line;
  for (const char c : text) {
    if (c == '\n')
      line += "; ";
    else if (c != '\t')
      line += c;
  }
  return line;
}

// What the server's own words leave out: which server, and what to do.
std::string advice(PGconn* connection, std::string_view sqlstate) {
  if (sqlstate == "25006")
    return "; the server at " + address_of(connection) +
           " takes no writes from us: it is a standby, or default_transaction_read_only is on; use the "
           "primary";
  if (sqlstate == "42501")
    return "; the user at " + address_of(connection) +
           " may not do that: 'vuln-datasync doctor' says which rights it needs";
  return {};
}

}  // namespace

Error error_of(PGconn* connection, const PGresult* result, std::string_view what) {
  std::string message = std::string(what) + ": ";
  const bool lost = PQstatus(connection) == CONNECTION_BAD;
  const std::string_view primary = field_of(result, PG_DIAG_MESSAGE_PRIMARY);
  if (primary.empty()) {
    std::string text = one_line(PQerrorMessage(connection));
    if (text.empty()) text = result != nullptr ? PQresStatus(PQresultStatus(result)) : "no result";
    return Error(message + text, field_of(result, PG_DIAG_SQLSTATE), lost);
  }
  message += primary;
  if (const auto detail = field_of(result, PG_DIAG_MESSAGE_DETAIL); !detail.empty())
    message.append(" (").append(first_line(detail)).append(")");
  if (const auto hint = field_of(result, PG_DIAG_MESSAGE_HINT); !hint.empty())
    message.append("; hint: ").append(first_line(hint));
  if (const auto context = field_of(result, PG_DIAG_CONTEXT); !context.empty())
    message.append("; in ").append(first_line(context));
  message += advice(connection, field_of(result, PG_DIAG_SQLSTATE));
  return Error(message, field_of(result, PG_DIAG_SQLSTATE), lost,
               static_cast<int>(number(field_of(result, PG_DIAG_STATEMENT_POSITION))));
}

void drain(PGconn* connection) {
  while (ResultHandle result{PQgetResult(connection)}) {
    if (PQstatus(connection) == CONNECTION_BAD) return;
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN) PQputCopyEnd(connection, "abandoned");
    if (status != PGRES_COPY_OUT) continue;
    char* row = nullptr;
    while (PQgetCopyData(connection, &row, 0) > 0) PQfreemem(row);
  }
}

std::uint64_t rows_affected(PGresult* result) {
  return number(PQcmdTuples(result));
}

}  // namespace pg::detail
