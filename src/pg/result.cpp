#include "pg/result.hpp"

#include <string>

#include "pg/libpq.hpp"

namespace pg {

Field Row::field(int column) const {
  if (column < 0 || column >= PQnfields(result_))
    throw Error("result column number " + std::to_string(column + 1) + " does not exist");
  Field field;
  field.data = PQgetvalue(result_, row_, column);
  field.size = PQgetisnull(result_, row_, column) != 0 ? -1 : PQgetlength(result_, row_, column);
  field.type = PQftype(result_, column);
  field.name = PQfname(result_, column);
  field.column = column;
  return field;
}

void Result::Clear::operator()(pg_result* result) const {
  PQclear(result);
}

int Result::size() const {
  return PQntuples(handle_.get());
}

int Result::columns() const {
  return PQnfields(handle_.get());
}

std::string_view Result::column_name(int column) const {
  const char* name = PQfname(handle_.get(), column);
  return name != nullptr ? name : "";
}

Row Result::one() const& {
  if (size() != 1) throw Error("one row was expected and the query returned " + std::to_string(size()));
  return (*this)[0];
}

std::uint64_t Result::rows_affected() const {
  return detail::rows_affected(handle_.get());
}

}  // namespace pg
