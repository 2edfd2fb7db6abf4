// COPY ... TO STDOUT in binary format, read row by row (PostgreSQL documentation, COPY, "Binary Format").
#include <memory>
#include <vector>

#include "pg/connection.hpp"
#include "pg/encode.hpp"
#include "pg/libpq.hpp"

namespace pg {
namespace {

constexpr std::size_t signature_size = 11;
constexpr std::size_t header_size = signature_size + 4 + 4;  // signature, flags, length of the extension

/// Cuts the stream into rows. The server sends a row per message today, but does not promise to.
class RowReader {
 public:
  explicit RowReader(const std::function<void(const CopyRow&)>& take) : take_(take) {}

  void add(std::string_view message) {
    stream_.append(message);
    std::string_view left = stream_;
    if (!header_read_) {
      if (left.size() < header_size) return;
      left.remove_prefix(header_size);
      header_read_ = true;
    }
    while (!ended_ && take_row(left)) {
    }
    stream_.erase(0, stream_.size() - left.size());
  }
  std::uint64_t rows() const { return rows_; }

 private:
  /// Passes the first row of `left` on and removes it. False when it is not complete yet.
  bool take_row(std::string_view& left) {
    std::string_view rest = left;
    std::int16_t count = 0;
    if (!read(rest, count)) return false;
    ended_ = count < 0;
    fields_.clear();
    for (std::int16_t column = 0; column < count; ++column) {
      std::int32_t size = 0;
      if (!read(rest, size) || (size > 0 && rest.size() < static_cast<std::size_t>(size))) return false;
      Field field;
      field.data = rest.data();
      field.size = size;
      field.column = column;
      fields_.push_back(field);
      if (size > 0) rest.remove_prefix(static_cast<std::size_t>(size));
    }
    left = rest;
    if (ended_) return false;
    ++rows_;
    take_(CopyRow(fields_.data(), count));
    return true;
  }

  template <typename Integer>
  static bool read(std::string_view& from, Integer& value) {
    if (from.size() < sizeof(Integer)) return false;
    std::memcpy(&value, from.data(), sizeof(Integer));
    value = encode::network_order(value);
    from.remove_prefix(sizeof(Integer));
    return true;
  }

  const std::function<void(const CopyRow&)>& take_;
  std::string stream_;
  std::vector<Field> fields_;
  std::uint64_t rows_ = 0;
  bool header_read_ = false;
  bool ended_ = false;
};

}  // namespace

const Field& CopyRow::field(int column) const {
  if (column < 0 || column >= count_)
    throw Error("result column number " + std::to_string(column + 1) + " does not exist");
  return fields_[column];
}

std::uint64_t Connection::copy_out(const Statement& select, const std::function<void(const CopyRow&)>& take) {
  const std::string sql = "COPY (" + std::string(select.sql) + ") TO STDOUT (FORMAT binary)";
  const std::string what = select.name.empty() ? sql : std::string(select.name);
  std::optional<Transaction> transaction;
  if (settings_.through_pooler && !in_transaction()) transaction.emplace(*this);
  detail::ResultHandle result{PQexec(handle_.get(), sql.c_str())};
  if (PQresultStatus(result.get()) != PGRES_COPY_OUT)
    throw detail::error_of(handle_.get(), result.get(), what);

  RowReader reader(take);
  char* message = nullptr;
  int size = 0;
  try {
    while ((size = PQgetCopyData(handle_.get(), &message, 0)) > 0) {
      const std::unique_ptr<char, detail::FreeMemory> owner(message);
      reader.add({message, static_cast<std::size_t>(size)});
    }
  } catch (...) {
    canceller().cancel();
    detail::drain(handle_.get());
    throw;
  }
  result.reset(PQgetResult(handle_.get()));
  if (size == -2 || PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
    Error error = detail::error_of(handle_.get(), result.get(), what);
    detail::drain(handle_.get());
    throw error;
  }
  detail::drain(handle_.get());
  if (transaction) transaction->commit();
  return reader.rows();
}

}  // namespace pg
