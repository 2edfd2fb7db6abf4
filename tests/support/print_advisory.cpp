#include "support/print_advisory.hpp"

namespace support {

namespace {

using advisory::Advisory;
using base::json::ObjectBuilder;
using base::json::Value;

class Printer {
 public:
  explicit Printer(base::Arena& arena) : arena_(arena) {}

  Value advisory(const Advisory& a) {
    ObjectBuilder out(arena_);
    out.add("source", to_string(a.source));
    out.add("record_id", a.record_id).add("own_id", a.own_id);
    out.add_unless_empty("claims", texts(a.claims)).add_unless_empty("dirty_ids", texts(a.dirty_ids));
    out.add_unless_empty("upstream", texts(a.upstream)).add_unless_empty("related", texts(a.related));
    out.add_unless_empty("modified", time(a.modified)).add_unless_empty("published", time(a.published));
    out.add_unless_empty("withdrawn", time(a.withdrawn));
    flag(out, "retracted", a.retracted);
    flag(out, "cve_rejected", a.cve_rejected);
    flag(out, "summary_derived", a.summary_derived);
    flag(out, "sanitized", a.sanitized);
    out.add_unless_empty("summary", text(a.summary)).add_unless_empty("details", text(a.details));
    out.add_unless_empty("severity", list(a.severity, [this](const auto& s) { return severity(s); }));
    out.add_unless_empty("affected", list(a.affected, [this](const auto& e) { return affected(e); }));
    out.add_unless_empty("references", list(a.references, [this](const auto& r) { return reference(r); }));
    out.add_unless_empty("credits", list(a.credits, [this](const auto& c) { return credit(c); }));
    out.add_unless_empty("cwe_ids", texts(a.cwe_ids)).add_unless_empty("kev_added", text(a.kev_added));
    out.add_unless_empty("license", text(a.license)).add_unless_empty("rest", a.rest);
    return out.finish();
  }

 private:
  Value text(std::string_view value) { return Value::string(arena_.copy(value)); }

  Value texts(const std::vector<std::string_view>& values) { return base::json::make_array(arena_, values); }

  Value time(const std::optional<advisory::Instant>& instant) {
    return instant ? text(format_instant(*instant)) : Value();
  }

  static void flag(ObjectBuilder& out, std::string_view key, bool value) {
    if (value) out.add(key, Value::boolean(true));
  }

  template <typename T, typename PrintOne>
  Value list(const std::vector<T>& items, PrintOne one) {
    std::vector<Value> values;
    for (const T& item : items) values.push_back(one(item));
    return base::json::make_array(arena_, values);
  }

  Value severity(const advisory::Severity& s) {
    ObjectBuilder out(arena_);
    return out.add("type", s.type).add("score", s.score).add_unless_empty("origin", text(s.origin)).finish();
  }

  Value affected(const advisory::Affected& e) {
    ObjectBuilder out(arena_);
    out.add_unless_empty("ecosystem", text(e.ecosystem)).add_unless_empty("name", text(e.name));
    out.add_unless_empty("purl", text(e.purl)).add("entry", e.entry);
    out.add_unless_empty("severity", list(e.severity, [this](const auto& s) { return severity(s); }));
    return out.add_unless_empty("fixed_versions", texts(e.fixed_versions)).finish();
  }

  Value reference(const advisory::Reference& r) {
    return ObjectBuilder(arena_).add("type", r.type).add("url", r.url).finish();
  }

  Value credit(const advisory::Credit& c) {
    ObjectBuilder out(arena_);
    out.add("name", c.name).add_unless_empty("type", text(c.type));
    return out.add_unless_empty("contact", c.contact).finish();
  }

  base::Arena& arena_;
};

}  // namespace

Value to_json(const Advisory& advisory, base::Arena& arena) {
  return Printer(arena).advisory(advisory);
}

std::string print(const parse::Parsed& parsed) {
  base::Arena arena;
  Value value;
  if (const auto* refusal = std::get_if<parse::Refusal>(&parsed)) {
    ObjectBuilder out(arena);
    out.add("reason", to_string(refusal->reason)).add_unless_empty("detail", Value::string(refusal->detail));
    out.add_unless_empty("record_id", Value::string(refusal->record_id));
    value = ObjectBuilder(arena).add("refusal", out.finish()).finish();
  } else {
    value = to_json(std::get<Advisory>(parsed), arena);
  }
  std::string text;
  base::json::write_pretty(value, text);
  return text + "\n";
}

}  // namespace support
