#include "base/log.hpp"

#include <fmt/format.h>
#include <simdjson.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/json.hpp"
#include "base/redact.hpp"

namespace base::log {

namespace {

constexpr std::array<std::string_view, 6> level_names{"trace", "debug", "info", "warn", "error", "off"};

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::trace:
      return spdlog::level::trace;
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
    case Level::off:
      break;
  }
  return spdlog::level::off;
}

// The one logger. Its pattern gives time and level; the rest of a line is format_event's.
class Sink {
 public:
  Sink() : logger_("vuln-datasync", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.flush_on(spdlog::level::trace);
    configure(Level::info, Format::text);
  }

  void configure(Level level, Format format) {
    format_ = format;
    logger_.set_level(to_spdlog(level));
    const char* const pattern = format == Format::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                                                       : "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
    logger_.set_formatter(
        std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
  }

  Format format() const { return format_; }
  spdlog::logger& logger() { return logger_; }

 private:
  spdlog::logger logger_;
  Format format_ = Format::text;
};

Sink& sink() {
  static Sink instance;
  return instance;
}

// One event is one line, whatever a message of another program holds.
void append_text(std::string& line, std::string_view text) {
  for (const char c : text) {
    if (c == '\n')
      line += " | ";
    else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
      line += c;
  }
}

bool needs_quotes(std::string_view value) {
  return value.empty() || value.find_first_of(" \t\n\"=") != std::string_view::npos;
}

void append_text_field(std::string& line, const Field& field) {
  line += fmt::format(" {}=", field.name());
  const std::string value = redact(field.value());
  if (field.is_number() || !needs_quotes(value)) {
    append_text(line, value);
  } else {
    json::write_string(value, line);
  }
}

// Messages of other programs come in any encoding; a line of JSON has to be UTF-8.
void append_json_string(std::string& line, std::string_view text) {
  std::string clean = redact(text);
  if (!simdjson::validate_utf8(clean))
    std::replace_if(
        clean.begin(), clean.end(), [](char c) { return (c & 0x80) != 0; }, '?');
  json::write_string(clean, line);
}

}  // namespace

Field::Field(std::string_view name, double value)
    : name_(name), value_(fmt::format("{:.3f}", value)), is_number_(true) {}

void configure(Level level, Format format) {
  sink().configure(level, format);
}

std::optional<Level> parse_level(std::string_view name) {
  if (name == "warning") return Level::warn;
  for (std::size_t i = 0; i < level_names.size(); ++i)
    if (level_names[i] == name) return static_cast<Level>(i);
  return std::nullopt;
}

std::optional<Format> parse_format(std::string_view name) {
  if (name == "text") return Format::text;
  if (name == "json") return Format::json;
  return std::nullopt;
}

bool enabled(Level level) {
  return sink().logger().should_log(to_spdlog(level));
}

std::string format_event(Format format, std::string_view message, Fields fields) {
  std::string line;
  if (format == Format::text) {
    append_text(line, redact(message));
    for (const Field& field : fields) append_text_field(line, field);
    return line;
  }
  line = "\"message\":";
  append_json_string(line, message);
  for (const Field& field : fields) {
    line += ',';
    json::write_string(field.name(), line);
    line += ':';
    if (field.is_number())
      line += field.value();
    else
      append_json_string(line, field.value());
  }
  return line;
}

void write(Level level, std::string_view message, Fields fields) {
  if (!enabled(level)) return;
  const std::string event = format_event(sink().format(), message, fields);
  sink().logger().log(to_spdlog(level), spdlog::string_view_t(event.data(), event.size()));
}

}  // namespace base::log
