// Bulk loading: rows are encoded into a RowBuffer, which knows nothing of a server, and a CopyWriter sends
// them through COPY ... FROM STDIN (FORMAT binary).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "pg/connection.hpp"
#include "pg/encode.hpp"
#include "pg/types.hpp"

namespace pg {

/// Encoded rows of one table. Fields are added in the order of the COPY's columns; the server checks their
/// lengths, not their meaning.
class RowBuffer {
 public:
  /// Starts a row of `columns` fields. A row begun before and not ended is taken back.
  void begin_row(int columns);
  /// Throws Error when the row has not got the number of fields it was begun with.
  void end_row();
  /// Removes the row that was begun and not ended, if any.
  void take_back_row();

  void add_null() { add_fixed<std::int32_t>(-1); }
  void add_int2(std::int16_t value) { add_fixed(std::int32_t{2}, value); }
  void add_int4(std::int32_t value) { add_fixed(std::int32_t{4}, value); }
  void add_int8(std::int64_t value) { add_fixed(std::int32_t{8}, value); }
  void add_bool(bool value) { add_fixed(std::int32_t{1}, static_cast<std::int8_t>(value)); }
  /// text, or an enum's label. Must be UTF-8 without U+0000, or the COPY fails.
  void add_text(std::string_view text) {
    ++fields_;
    encode::field(bytes_, text);
  }
  void add_bytea(std::string_view bytes) { add_text(bytes); }
  template <std::size_t N>
  void add_bytea(const std::array<std::uint8_t, N>& bytes) {
    add_text(Bytes(bytes).view);
  }
  /// jsonb from JSON text.
  void add_jsonb(std::string_view json);
  void add_text_array(std::span<const std::string_view> texts) { add_array(texts); }
  void add_text_array(std::span<const std::string> texts) { add_array(texts); }
  /// Times outside the years 1 to 9999 become the nearest one inside.
  void add_timestamptz(Timestamp time) { add_int8(encode::timestamp(time)); }
  void add_date(Date date);
  /// numeric with one decimal, from tenths: 98 is 9.8.
  void add_numeric_tenths(std::int32_t tenths);

  std::size_t rows() const { return rows_; }
  /// The bytes of all complete rows.
  std::string_view bytes() const { return std::string_view(bytes_).substr(0, complete_); }
  bool empty() const { return rows_ == 0; }
  /// Forgets all complete rows and keeps the memory; a row that is being built stays.
  void clear();

 private:
  template <typename... Integers>
  void add_fixed(Integers... integers) {
    ++fields_;
    (encode::integer(bytes_, integers), ...);
  }
  template <typename Text>
  void add_array(std::span<const Text> texts);

  std::string bytes_;
  std::size_t complete_ = 0;  // length of bytes_ up to the last row that was ended
  std::size_t rows_ = 0;
  int columns_ = 0;  // fields that the row begun last shall have
  int fields_ = 0;   // fields that it has got
  bool in_row_ = false;
};

/// One COPY into one table. While it is open, its connection can do nothing else.
class CopyWriter {
 public:
  /// Starts the COPY. `table` and `columns` are names, not quoted; the table is found by the search_path,
  /// which behind a pooler is set only inside a Transaction.
  CopyWriter(Connection& connection, std::string_view table, std::span<const std::string_view> columns);
  CopyWriter(Connection& connection, std::string_view table, std::initializer_list<std::string_view> columns);
  CopyWriter(const CopyWriter&) = delete;
  CopyWriter& operator=(const CopyWriter&) = delete;
  /// Makes the server discard everything when finish() was not called; the transaction is then aborted.
  ~CopyWriter();

  /// Where to encode rows: begin_row on it, fields, then end_row here.
  RowBuffer& rows() { return rows_; }
  /// Ends the row and sends what has gathered when that is much.
  void end_row();
  /// Sends the complete rows of `rows` at once.
  void write(const RowBuffer& rows);

  /// Ends the COPY and returns the number of rows written. Throws Error with the table's name and the
  /// server's context (line and column) when it refused one.
  std::uint64_t finish();

 private:
  void send(std::string_view bytes);
  [[noreturn]] void fail();

  Connection& connection_;
  std::string name_;  // of the table, for messages
  RowBuffer rows_;
  bool open_ = true;
};

/// Writes all complete rows of `rows` with one COPY; sends nothing when there are none. Returns their number.
std::uint64_t copy_rows(Connection& connection, std::string_view table,
                        std::initializer_list<std::string_view> columns, const RowBuffer& rows);

}  // namespace pg
