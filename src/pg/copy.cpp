#include "pg/copy.hpp"

#include <algorithm>

#include "pg/libpq.hpp"

namespace pg {
namespace {

// Large enough that the cost per call vanishes, small enough that the server parses while we encode.
constexpr std::size_t chunk_size = std::size_t{512} * 1024;

// The signature, no flags, no header extension (PostgreSQL documentation, COPY, "Binary Format").
constexpr std::string_view header("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
constexpr std::string_view trailer("\377\377", 2);

std::string copy_sql(std::string_view table, std::span<const std::string_view> columns) {
  std::string sql = "COPY " + quote_identifier(table) + " (";
  for (std::size_t i = 0; i < columns.size(); ++i)
    sql.append(i == 0 ? "" : ", ").append(quote_identifier(columns[i]));
  return sql + ") FROM STDIN (FORMAT binary)";
}

}  // namespace

void RowBuffer::begin_row(int columns) {
  take_back_row();
  encode::integer(bytes_, static_cast<std::int16_t>(columns));
  columns_ = columns;
  fields_ = 0;
  in_row_ = true;
}

void RowBuffer::end_row() {
  if (!in_row_ || fields_ != columns_)
    throw Error("a row to be copied has " + std::to_string(fields_) + " fields instead of " +
                std::to_string(columns_));
  in_row_ = false;
  complete_ = bytes_.size();
  ++rows_;
}

void RowBuffer::take_back_row() {
  bytes_.resize(complete_);
  in_row_ = false;
}

void RowBuffer::clear() {
  bytes_.erase(0, complete_);
  complete_ = 0;
  rows_ = 0;
}

void RowBuffer::add_jsonb(std::string_view json) {
  ++fields_;
  encode::integer(bytes_, encode::checked_length(json.size() + 1));
  bytes_.push_back(1);  // version of jsonb's binary format (jsonb_recv, adt/jsonb.c)
  bytes_.append(json);
}

void RowBuffer::add_date(Date date) {
  const auto days = static_cast<std::int32_t>(date.time_since_epoch().count());
  add_int4(days - encode::epoch_difference_days);
}

namespace {

/// Appends a field whose length is known only after `append` wrote it.
template <typename Append>
void field_of_unknown_length(std::string& bytes, const Append& append) {
  const std::size_t begin = bytes.size();
  encode::integer<std::int32_t>(bytes, 0);
  append();
  const auto length =
      encode::network_order(encode::checked_length(bytes.size() - begin - sizeof(std::int32_t)));
  std::memcpy(bytes.data() + begin, &length, sizeof(length));
}

}  // namespace

void RowBuffer::add_numeric_tenths(std::int32_t tenths) {
  ++fields_;
  field_of_unknown_length(bytes_, [&] { encode::numeric_tenths(bytes_, tenths); });
}

template <typename Text>
void RowBuffer::add_array(std::span<const Text> texts) {
  ++fields_;
  field_of_unknown_length(bytes_, [&] {
    encode::array_header(bytes_, oid::text, texts.size());
    for (const Text& text : texts) encode::field(bytes_, text);
  });
}
template void RowBuffer::add_array(std::span<const std::string_view> texts);
template void RowBuffer::add_array(std::span<const std::string> texts);

CopyWriter::CopyWriter(Connection& connection, std::string_view table,
                       std::span<const std::string_view> columns)
    : connection_(connection), name_("COPY into " + std::string(table)) {
  const detail::ResultHandle result{PQexec(connection.native(), copy_sql(table, columns).c_str())};
  if (PQresultStatus(result.get()) != PGRES_COPY_IN)
    throw detail::error_of(connection.native(), result.get(), name_);
  send(header);
}

CopyWriter::CopyWriter(Connection& connection, std::string_view table,
                       std::initializer_list<std::string_view> columns)
    : CopyWriter(connection, table, std::span<const std::string_view>(columns.begin(), columns.size())) {}

CopyWriter::~CopyWriter() {
  if (!open_) return;
  PQputCopyEnd(connection_.native(), "the rows were abandoned by the client");
  detail::drain(connection_.native());
}

void CopyWriter::end_row() {
  rows_.end_row();
  if (rows_.bytes().size() < chunk_size) return;
  write(rows_);
  rows_.clear();
}

void CopyWriter::write(const RowBuffer& rows) {
  for (std::string_view bytes = rows.bytes(); !bytes.empty();
       bytes.remove_prefix(std::min(chunk_size, bytes.size())))
    send(bytes.substr(0, chunk_size));
}

void CopyWriter::send(std::string_view bytes) {
  if (PQputCopyData(connection_.native(), bytes.data(), static_cast<int>(bytes.size())) != 1) fail();
}

void CopyWriter::fail() {
  open_ = false;
  const detail::ResultHandle result{PQgetResult(connection_.native())};
  Error error = detail::error_of(connection_.native(), result.get(), name_);
  detail::drain(connection_.native());
  throw error;
}

std::uint64_t CopyWriter::finish() {
  write(rows_);
  rows_.clear();
  send(trailer);
  if (PQputCopyEnd(connection_.native(), nullptr) != 1) fail();
  const detail::ResultHandle result{PQgetResult(connection_.native())};
  open_ = false;
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
    Error error = detail::error_of(connection_.native(), result.get(), name_);
    detail::drain(connection_.native());
    throw error;
  }
  detail::drain(connection_.native());
  return detail::rows_affected(result.get());
}

std::uint64_t copy_rows(Connection& connection, std::string_view table,
                        std::initializer_list<std::string_view> columns, const RowBuffer& rows) {
  if (rows.empty()) return 0;
  CopyWriter writer(connection, table, columns);
  writer.write(rows);
  return writer.finish();
}

}  // namespace pg
