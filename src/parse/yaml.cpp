#include "parse/yaml.hpp"

#include <yaml.h>

#include <algorithm>
#include <new>
#include <span>
#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "parse/yaml_surrogates.hpp"

namespace parse {

namespace {

using base::json::ObjectBuilder;
using base::json::Value;

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// libyaml compares every tag directive with all before it, so that a text of nothing else would take hours.
constexpr std::size_t max_tag_directives = 100;

class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&event_); }

  bool read(yaml_parser_t& parser) {
    yaml_event_delete(&event_);
    return yaml_parser_parse(&parser, &event_) == 1;
  }
  yaml_event_type_t type() const { return event_.type; }
  std::size_t line() const { return event_.start_mark.line + 1; }
  const yaml_event_t* operator->() const { return &event_; }

 private:
  yaml_event_t event_{};
};

std::string_view text_of(const Event& scalar) {
  return {reinterpret_cast<const char*>(scalar->data.scalar.value), scalar->data.scalar.length};
}

bool is_plain(const Event& scalar) {
  return scalar->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

// The plain scalars that mean "nothing" (YAML 1.2.2, 10.3.2).
bool is_null(const Event& scalar) {
  const std::string_view text = text_of(scalar);
  return is_plain(scalar) &&
         (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL");
}

bool has_anchor_or_tag(const Event& event) {
  switch (event.type()) {
    case YAML_SCALAR_EVENT:
      return event->data.scalar.anchor != nullptr || event->data.scalar.tag != nullptr;
    case YAML_SEQUENCE_START_EVENT:
      return event->data.sequence_start.anchor != nullptr || event->data.sequence_start.tag != nullptr;
    case YAML_MAPPING_START_EVENT:
      return event->data.mapping_start.anchor != nullptr || event->data.mapping_start.tag != nullptr;
    case YAML_DOCUMENT_START_EVENT:
      return event->data.document_start.tag_directives.start != event->data.document_start.tag_directives.end;
    default:
      return event.type() == YAML_ALIAS_EVENT;
  }
}

// One pass of libyaml over a text. Recursive by container, no deeper than the limit.
class Reader {
 public:
  Reader(std::string_view text, std::span<const SurrogateEscape> escapes, base::Arena& arena,
         const YamlLimits& limits)
      : text_(text), escapes_(escapes), arena_(arena), limits_(limits) {
    if (yaml_parser_initialize(&parser_) != 1) throw std::bad_alloc();
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { yaml_parser_delete(&parser_); }

  Yaml run() {
    Yaml result;
    if (document(result.value))
      result.sanitized = sanitized_;
    else
      result.refusal = std::move(refusal_);
    return result;
  }

  /// Whether the text broke the rules for characters and tokens, as an escaped surrogate does.
  bool stopped_in_scanner() const { return parser_.error == YAML_SCANNER_ERROR; }
  /// The numbers of the escapes that were rewritten though they are no escapes where they stand.
  const std::vector<std::size_t>& literal_escapes() const { return literal_escapes_; }

 private:
  bool refuse(Reason reason, std::size_t line, std::string_view what) {
    refusal_ = {reason, "line " + std::to_string(line) + ": " + std::string(what), {}};
    return false;
  }

  bool next(Event& event) {
    if (!event.read(parser_)) {
      if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
      const char* problem = parser_.problem == nullptr ? "no YAML" : parser_.problem;
      return refuse(Reason::invalid_yaml, problem_line(), problem);
    }
    if (has_anchor_or_tag(event))
      return refuse(Reason::yaml_alias, event.line(), "an anchor, alias or tag, which advisories do not use");
    return true;
  }

  // libyaml marks a problem by its line, except for that of a character, of which it tells the byte.
  std::size_t problem_line() const {
    if (parser_.error != YAML_READER_ERROR) return parser_.problem_mark.line + 1;
    const std::string_view before = text_.substr(0, parser_.problem_offset);
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  }

  bool document(Value& out) {
    Event event;
    if (!next(event) || !next(event)) return false;  // the stream's start and the document's
    if (event.type() == YAML_STREAM_END_EVENT) {
      refusal_ = {Reason::empty, "no YAML document", {}};
      return false;
    }
    if (!next(event) || !value(event, 1, out)) return false;
    if (!next(event) || !next(event)) return false;  // the document's end and the stream's
    return event.type() == YAML_STREAM_END_EVENT ||
           refuse(Reason::invalid_yaml, event.line(), "a second document");
  }

  bool value(const Event& event, std::size_t depth, Value& out) {
    if (event.type() == YAML_SCALAR_EVENT) {
      if (!count(event)) return false;
      out = is_null(event) ? Value() : Value::string(text(event));
      return true;
    }
    if (depth > limits_.max_depth)
      return refuse(Reason::too_deep, event.line(), "containers are nested too deeply");
    if (!count(event)) return false;
    return event.type() == YAML_SEQUENCE_START_EVENT ? sequence(depth, out) : mapping(depth, out);
  }

  bool sequence(std::size_t depth, Value& out) {
    std::vector<Value> items;
    Event event;
    while (next(event)) {
      if (event.type() == YAML_SEQUENCE_END_EVENT) {
        out = base::json::make_array(arena_, items);
        return true;
      }
      if (!value(event, depth + 1, items.emplace_back())) return false;
    }
    return false;
  }

  bool mapping(std::size_t depth, Value& out) {
    ObjectBuilder members(arena_);
    Event event;
    while (next(event)) {
      if (event.type() == YAML_MAPPING_END_EVENT) {
        out = members.finish();
        return true;
      }
      std::string_view name;
      Value member;
      if (!key(event, name) || !next(event) || !value(event, depth + 1, member)) return false;
      members.add(name, member);
    }
    return false;
  }

  bool key(const Event& event, std::string_view& out) {
    if (event.type() != YAML_SCALAR_EVENT)
      return refuse(Reason::invalid_yaml, event.line(), "a list or a mapping as a key");
    if (is_plain(event) && text_of(event) == "<<")
      return refuse(Reason::yaml_alias, event.line(), "a merge key, which advisories do not use");
    if (!count(event)) return false;
    out = text(event);
    return true;
  }

  bool count(const Event& event) {
    if (++values_ <= limits_.max_values) return true;
    return refuse(Reason::too_large, event.line(),
                  "more than " + std::to_string(limits_.max_values) + " values");
  }

  std::string_view text(const Event& scalar) {
    check_escapes(scalar);
    const std::string_view text = text_of(scalar);
    auto nul = text.find('\0');
    if (nul == std::string_view::npos) return arena_.copy(text);
    sanitized_ = true;
    std::string clean;
    std::string_view left = text;
    for (; nul != std::string_view::npos; nul = left.find('\0')) {
      clean.append(left.substr(0, nul)).append(replacement);
      left.remove_prefix(nul + 1);
    }
    return arena_.copy(clean.append(left));
  }

  // Looks at the surrogate escapes that were rewritten inside `scalar`.
  void check_escapes(const Event& scalar) {
    const auto before = [](const SurrogateEscape& escape, std::size_t at) { return escape.character < at; };
    auto each = std::lower_bound(escapes_.begin(), escapes_.end(), scalar->start_mark.index, before);
    for (; each != escapes_.end() && each->character < scalar->end_mark.index; ++each) {
      if (scalar->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
        sanitized_ = sanitized_ || each->lone;
      else
        literal_escapes_.push_back(static_cast<std::size_t>(each - escapes_.begin()));
    }
  }

  yaml_parser_t parser_{};
  const std::string_view text_;
  const std::span<const SurrogateEscape> escapes_;
  base::Arena& arena_;
  const YamlLimits& limits_;
  std::size_t values_ = 0;
  bool sanitized_ = false;
  std::vector<std::size_t> literal_escapes_;
  Refusal refusal_;
};

bool has_too_many_tag_directives(std::string_view text) {
  std::size_t found = 0;
  for (auto at = text.find("%TAG"); at != std::string_view::npos; at = text.find("%TAG", at + 1))
    if (++found > max_tag_directives) return true;
  return false;
}

std::optional<Refusal> check_text(std::string_view text, const YamlLimits& limits) {
  if (text.size() > limits.max_bytes)
    return Refusal{
        Reason::too_large,
        std::to_string(text.size()) + " bytes; at most " + std::to_string(limits.max_bytes) + " are taken in",
        {}};
  if (!base::is_valid_utf8(text)) return Refusal{Reason::invalid_utf8, "the text is not UTF-8", {}};
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return Refusal{Reason::empty, "no bytes, or only white space", {}};
  if (has_too_many_tag_directives(text))
    return Refusal{Reason::yaml_alias, "tag directives, which advisories do not use", {}};
  return std::nullopt;
}

}  // namespace

Yaml read_yaml(std::string_view text, base::Arena& arena, const YamlLimits& limits) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (auto refusal = check_text(text, limits)) return {Value(), false, std::move(refusal)};
  Reader as_it_is(text, {}, arena, limits);
  Yaml result = as_it_is.run();
  if (!as_it_is.stopped_in_scanner()) return result;

  // The scanner stops at the escape of a surrogate. All that look like one are rewritten; those that turn out
  // to be plain text are left alone when it is read for the last time.
  RewrittenSurrogates rewritten = rewrite_surrogates(text, {});
  if (rewritten.escapes.empty()) return result;
  Reader with_all(rewritten.text, rewritten.escapes, arena, limits);
  result = with_all.run();
  if (with_all.literal_escapes().empty()) return result;
  rewritten = rewrite_surrogates(text, with_all.literal_escapes());
  return Reader(rewritten.text, rewritten.escapes, arena, limits).run();
}

}  // namespace parse
