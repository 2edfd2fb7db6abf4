#include "cli/output.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace cli {

namespace {

void require(bool worked) {
  if (worked) return;
  const int error_number = errno;
  if (error_number == EPIPE) throw OutputClosed("standard output is closed");
  throw base::Error("cannot write to standard output: " + std::generic_category().message(error_number));
}

// Characters, as far as columns go: bytes that begin a UTF-8 sequence.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

void Output::write(std::string_view text) {
  require(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
}

void Output::line(std::string_view text) {
  write(text);
  write("\n");
}

void Output::json(const base::json::Value& value) {
  line(base::json::write(value));
}

void Output::flush() {
  require(std::fflush(stdout) == 0);
}

std::string Table::to_string() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (std::size_t column = 0; column < widths.size(); ++column)
      widths[column] = std::max(widths[column], width_of(row[column]));
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t column = 0; column < widths.size(); ++column) {
      text += row[column];
      if (column + 1 < widths.size()) text.append(widths[column] + 2 - width_of(row[column]), ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

}  // namespace cli
