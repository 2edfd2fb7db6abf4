// What the functions generated from sql/*.sql share: from results to row structs, and from those to COPY.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pg/connection.hpp"
#include "pg/copy.hpp"

namespace pg {

/// The row that a `:one` query returned, or none. Throws Error when there are more.
template <typename Struct, typename... Values>
std::optional<Struct> query_one(Connection& connection, const Statement& statement,
                                Struct (*read)(const Row&), const Values&... values) {
  const Result result = connection.query(statement, values...);
  if (result.size() > 1)
    throw Error(std::string(statement.name) + ": at most one row was expected and " +
                std::to_string(result.size()) + " came");
  if (result.empty()) return std::nullopt;
  return read(result[0]);
}

/// All rows that a `:many` query returned.
template <typename Struct, typename... Values>
std::vector<Struct> query_many(Connection& connection, const Statement& statement, Struct (*read)(const Row&),
                               const Values&... values) {
  const Result result = connection.query(statement, values...);
  std::vector<Struct> rows;
  rows.reserve(static_cast<std::size_t>(result.size()));
  for (const Row row : result) rows.push_back(read(row));
  return rows;
}

/// Passes each row of a streamed query on as it comes, in the memory of one row; returns their number. A row
/// is valid during the call that it is passed to.
template <typename Struct>
std::uint64_t stream_rows(Connection& connection, const Statement& statement, Struct (*read)(const CopyRow&),
                          const std::function<void(const Struct&)>& take) {
  return connection.copy_out(statement, [&](const CopyRow& row) { take(read(row)); });
}

/// Encoded rows for one `:copyfrom` query; a function append(RowBuffer&, const Struct&) is generated with it.
template <typename Struct>
class RowsOf {
 public:
  void add(const Struct& row) { append(buffer_, row); }
  const RowBuffer& buffer() const { return buffer_; }
  bool empty() const { return buffer_.empty(); }
  void clear() { buffer_.clear(); }

 private:
  RowBuffer buffer_;
};

}  // namespace pg
