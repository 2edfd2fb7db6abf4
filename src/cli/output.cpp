#include "cli/output.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/format.hpp"

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

// The two or three bytes at the start of `text` that are a character of UTF-8 to be shown by its number:
// U+0080 to U+009F, which are controls, U+202A to U+202E and U+2066 to U+2069, which turn the direction of
// text.
std::size_t steering_bytes(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return 2;
  if (byte(0) != 0xE2) return 0;
  const bool embeds = byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE;
  const bool isolates = byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;
  return embeds || isolates ? 3 : 0;
}

}  // namespace

std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) {
      out += base::format("\\x{:02x}", byte);
    } else if (const std::size_t size = steering_bytes(text.substr(at)); size != 0) {
      // The first byte of both kinds (0xC2, 0xE2) gives 2, each of the others six bits.
      unsigned number = 2;
      for (std::size_t i = 1; i < size; ++i)
        number = number << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
      out += base::format("\\u{:04x}", number);
      at += size - 1;
    } else {
      out += text[at];
    }
  }
  return out;
}

void Output::write(std::string_view text) {
  require(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
}

void Output::print(std::string_view text) {
  write(visible(text));
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
