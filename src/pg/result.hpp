// What a query returned: rows of binary values, read by type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string_view>
#include <type_traits>

#include "pg/decode.hpp"

struct pg_result;  // libpq's PGresult

namespace pg {

/// One row of a Result, and valid as long as that. Columns count from 0.
class Row {
 public:
  Row(const pg_result* result, int row) : result_(result), row_(row) {}

  /// The value of a column; std::optional reads null as nullopt. Throws Error when the column is null or of
  /// another type. A std::string_view is valid as long as the Result.
  template <typename Value>
  Value get(int column) const {
    return read_field<Value>(field(column));
  }
  bool is_null(int column) const { return field(column).is_null(); }
  Field field(int column) const;

 private:
  const pg_result* result_;
  int row_;
};

class Result {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Row;
    using difference_type = std::ptrdiff_t;
    using pointer = const Row*;
    using reference = Row;
    Iterator(const pg_result* result, int row) : result_(result), row_(row) {}
    Row operator*() const { return {result_, row_}; }
    Iterator& operator++() {
      ++row_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return row_ == other.row_; }
    bool operator!=(const Iterator& other) const { return row_ != other.row_; }

   private:
    const pg_result* result_;
    int row_;
  };

  /// Takes ownership of libpq's result.
  explicit Result(pg_result* result) : handle_(result) {}

  int size() const;
  bool empty() const { return size() == 0; }
  int columns() const;
  /// A column's name.
  std::string_view column_name(int column) const;
  // A row must not outlive its result: none can be taken from a temporary.
  Row operator[](int row) const& { return {handle_.get(), row}; }
  Row operator[](int row) const&& = delete;
  Iterator begin() const { return {handle_.get(), 0}; }
  Iterator end() const { return {handle_.get(), size()}; }

  /// The only row. Throws Error when there is none, or more than one.
  Row one() const&;
  Row one() const&& = delete;

  /// The first column of the only row.
  template <typename Value>
  Value value() const {
    static_assert(!std::is_same_v<Value, std::string_view>, "it would dangle when the result is a temporary");
    return one().get<Value>(0);
  }

  /// Rows that an INSERT, UPDATE, DELETE or COPY wrote, or a SELECT returned.
  std::uint64_t rows_affected() const;

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> handle_;
};

}  // namespace pg
