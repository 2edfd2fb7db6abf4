// The log: one line per event on standard error, as text for people or JSON for machines. Standard output is
// kept for results.
//
//   base::log::info("source fetched", {{"source", "osv"}, {"bytes", 1234}});
//   text  2024-05-01T12:00:00.123Z info source fetched source=osv bytes=1234
//   json  {"time":"2024-05-01T12:00:00.123Z","level":"info","message":"source
//   fetched","source":"osv","bytes":1234}
#pragma once

#include <concepts>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace base::log {

enum class Level { trace, debug, info, warn, error, off };
enum class Format { text, json };

/// A name and a value of an event. Numbers stand bare in both formats.
class Field {
 public:
  Field(std::string_view name, std::string_view value) : name_(name), value_(value) {}
  Field(std::string_view name, const char* value) : name_(name), value_(value) {}
  Field(std::string_view name, std::string value) : name_(name), value_(std::move(value)) {}
  Field(std::string_view name, std::integral auto value)
      : name_(name), value_(std::to_string(value)), is_number_(true) {}
  Field(std::string_view name, double value);
  Field(std::string_view name, bool value)
      : name_(name), value_(value ? "true" : "false"), is_number_(true) {}

  std::string_view name() const { return name_; }
  const std::string& value() const { return value_; }
  bool is_number() const { return is_number_; }

 private:
  std::string_view name_;
  std::string value_;
  bool is_number_ = false;
};

using Fields = std::initializer_list<Field>;

/// Sets what is written and how; at the start of the program. Until then: info, text.
void configure(Level level, Format format);

/// The level or format of that name, or nothing.
std::optional<Level> parse_level(std::string_view name);
std::optional<Format> parse_format(std::string_view name);

bool enabled(Level level);

/// Writes one event. Passwords in URLs and connection strings are masked (base/redact.hpp), so that a message
/// that quotes one gives nothing away. Any thread.
void write(Level level, std::string_view message, Fields fields = {});

inline void debug(std::string_view message, Fields fields = {}) {
  write(Level::debug, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
  write(Level::info, message, fields);
}
inline void warn(std::string_view message, Fields fields = {}) {
  write(Level::warn, message, fields);
}
inline void error(std::string_view message, Fields fields = {}) {
  write(Level::error, message, fields);
}

/// The part of a line after time and level, in the given format: for tests.
std::string format_event(Format format, std::string_view message, Fields fields);

}  // namespace base::log
