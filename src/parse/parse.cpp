#include "parse/parse.hpp"

namespace parse {

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::empty:
      return "empty";
    case Reason::too_large:
      return "too-large";
    case Reason::invalid_utf8:
      return "invalid-utf8";
    case Reason::invalid_json:
      return "invalid-json";
    case Reason::invalid_yaml:
      return "invalid-yaml";
    case Reason::too_deep:
      return "too-deep";
    case Reason::yaml_alias:
      return "yaml-alias";
    case Reason::not_an_object:
      return "not-an-object";
    case Reason::missing_field:
      return "missing-field";
    case Reason::wrong_type:
      return "wrong-type";
    case Reason::invalid_id:
      return "invalid-id";
    case Reason::invalid_time:
      return "invalid-time";
    case Reason::not_a_record:
      return "not-a-record";
    case Reason::id_mismatch:
      return "id-mismatch";
  }
  return "";
}

Parsed parse(advisory::Source source, std::string_view location, std::string_view bytes, base::Arena& arena,
             Extent extent) {
  if (bytes.size() > max_record_bytes)
    return Refusal{Reason::too_large,
                   std::to_string(bytes.size()) + " bytes; at most " + std::to_string(max_record_bytes) +
                       " are taken in",
                   {}};
  switch (source) {
    case advisory::Source::osv:
      return parse_osv(location, bytes, arena, extent);
    case advisory::Source::cve:
      return parse_cve(location, bytes, arena, extent);
    case advisory::Source::gitlab:
      return parse_gitlab(location, bytes, arena, extent);
  }
  return Refusal{Reason::not_a_record, "no such source", {}};
}

}  // namespace parse
