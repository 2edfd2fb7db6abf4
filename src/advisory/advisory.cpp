#include "advisory/advisory.hpp"

namespace advisory {

std::string_view to_string(Source source) {
  switch (source) {
    case Source::osv:
      return "osv";
    case Source::gitlab:
      return "gitlab";
    case Source::cve:
      return "cve";
  }
  return "";
}

std::optional<Source> source_from(std::string_view name) {
  for (const Source source : all_sources)
    if (to_string(source) == name) return source;
  return std::nullopt;
}

}  // namespace advisory
