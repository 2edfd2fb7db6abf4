#include "api/vulnerabilities.hpp"

#include <algorithm>
#include <charconv>

#include "advisory/advisory.hpp"
#include "advisory/purl.hpp"
#include "advisory/vulnerability.hpp"
#include "api/backend.hpp"
#include "api/parameters.hpp"
#include "base/ascii.hpp"
#include "base/format.hpp"
#include "base/hash.hpp"
#include "base/listed.hpp"
#include "store/json.hpp"

namespace api {

namespace {

using base::json::Value;

constexpr std::int64_t most_rows = 1000;

// The only vulnerability that an identifier leads to.
const store::Hit& only_hit(const Request& request, const Found& found) {
  const std::string& identifier = request.variable("id");
  if (found.hits.empty())
    throw Refusal(404, "not_found",
                  base::format("no vulnerability has the id, the former id or the alias {}", identifier));
  if (found.hits.size() == 1) return found.hits.front();
  base::Arena arena;
  std::vector<Value> candidates;
  for (const store::Hit& hit : found.hits) candidates.push_back(Value::string(hit.id));
  throw Refusal(error_response(
      409, "ambiguous",
      base::format("{} is nobody's own id, and {} vulnerabilities claim it", identifier, found.hits.size()),
      {{"candidates", base::json::make_array(arena, std::span<const Value>(candidates))}}));
}

Value row_json(const store::SearchRow& row, base::Arena& arena) {
  const auto text = [&](const std::string& value) { return store::json_text(value, arena); };
  const auto time = [&](pg::Timestamp value) { return store::json_time(value, arena); };
  base::json::ObjectBuilder object(arena);
  object.add("id", text(row.id));
  object.add("aliases", store::json_strings(row.aliases, arena));
  object.add("sources", store::json_strings(row.sources, arena));
  object.add("summary", store::json_or_null(row.summary, text));
  object.add("severity", text(row.severity));
  object.add("cvss_score", store::json_or_null(row.cvss_score, [&](const std::string& score) {
               return Value::number(arena.copy(score));
             }));
  object.add("kev_added", store::json_or_null(row.kev_added, [&](pg::Timestamp day) {
               return Value::string(arena.copy(store::time_text(day).substr(0, 10)));
             }));
  object.add("published", store::json_or_null(row.published, time));
  object.add("modified", time(row.modified));
  object.add("withdrawn", store::json_or_null(row.withdrawn, time));
  if (row.document) object.add("document", advisory::parse_document(*row.document, arena).value);
  return object.finish();
}

std::string severity_parameter(const Request& request) {
  std::string severity = base::uppered(text_parameter(request, "severity"));
  constexpr std::array<std::string_view, 6> labels{"UNKNOWN", "NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"};
  if (!severity.empty() && std::find(labels.begin(), labels.end(), severity) == labels.end())
    throw Refusal(400, "bad_parameter", "'severity' must be unknown, none, low, medium, high or critical");
  return severity;
}

std::string cwe_parameter(const Request& request) {
  std::string cwe = text_parameter(request, "cwe");
  if (cwe.empty()) return cwe;
  if (base::equal_ignoring_case(std::string_view(cwe).substr(0, 4), "CWE-")) cwe.erase(0, 4);
  const bool is_number =
      !cwe.empty() && cwe.size() < 8 && cwe.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number) throw Refusal(400, "bad_parameter", "'cwe' must be a number such as CWE-79 or 79");
  return "CWE-" + cwe;
}

std::string purl_parameter(const Request& request) {
  const std::string purl = text_parameter(request, "purl");
  if (purl.empty()) return {};
  base::Arena arena;
  const auto versionless = advisory::versionless_purl(purl, arena);
  if (!versionless)
    throw Refusal(400, "bad_parameter", "'purl' must be a package URL such as pkg:npm/lodash");
  return std::string(*versionless);
}

}  // namespace

bool wants_explanation(const Request& request) {
  return request.parameter("explain") != nullptr && flag_parameter(request, "explain");
}

Response vulnerability_response(const Request& request, const FoundPtr& found) {
  const store::Hit& hit = only_hit(request, *found);
  Response response;
  response.shared = std::shared_ptr<const std::string>(found, &hit.document);
  response.set("Content-Type", "application/json");
  response.set("ETag", "\"" + base::to_hex(hit.document_hash) + "\"");
  response.set("Cache-Control", "no-cache");  // may be kept, and is to be asked about
  return response;
}

Response explain_vulnerability(Backend& backend, const Request& request) {
  const FoundPtr found = backend.lookups().find(request.variable("id"));
  const std::string id = only_hit(request, *found).id;
  if (!backend.settings().explain) throw Refusal(501, "not_implemented", "this service explains nothing");
  return json_response(backend.pool().read(
      [&](pg::Connection& connection) { return backend.settings().explain(connection, id); }));
}

std::string cursor_text(const store::SearchCursor& cursor) {
  return base::format("{}.{}", cursor.modified_us, cursor.uid);
}

std::optional<store::SearchCursor> parse_cursor(std::string_view text) {
  store::SearchCursor cursor;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, cursor.modified_us);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '.') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, cursor.uid);
  if (second.ec != std::errc() || second.ptr != end || cursor.uid < 0) return std::nullopt;
  constexpr std::int64_t most =
      253402300800'000000;  // the year 10000, beyond which PostgreSQL has other rules
  if (cursor.modified_us > most || cursor.modified_us < -most) return std::nullopt;
  return cursor;
}

store::SearchFilter search_filter(const Request& request) {
  store::SearchFilter filter;
  filter.ecosystem = text_parameter(request, "ecosystem");
  filter.package = text_parameter(request, "package");
  filter.purl = purl_parameter(request);
  filter.severity = severity_parameter(request);
  filter.source = text_parameter(request, "source");
  if (!filter.source.empty() && !advisory::source_from(filter.source))
    throw Refusal(400, "bad_parameter", "'source' must be " + base::listed(advisory::all_sources, "or"));
  filter.cwe = cwe_parameter(request);
  filter.modified_since = time_parameter(request, "modified_since");
  filter.text = text_parameter(request, "q", 200);
  if (!filter.text.empty() && filter.text.size() < 2)
    throw Refusal(400, "bad_parameter", "'q' must have two characters or more");
  filter.limit = number_parameter(request, "limit", 1, most_rows, 100);
  filter.with_documents = includes_documents(request);
  if (const std::string* const cursor = request.parameter("cursor")) {
    filter.after = parse_cursor(*cursor);
    if (!filter.after) throw Refusal(400, "bad_parameter", "'cursor' must be the next_cursor of an answer");
  }
  return filter;
}

Response search_vulnerabilities(Backend& backend, const Request& request) {
  const store::SearchFilter filter = search_filter(request);
  auto rows =
      backend.pool().read([&](pg::Connection& connection) { return store::search(connection, filter); });
  const bool has_more = rows.size() > static_cast<std::size_t>(filter.limit);
  if (has_more) rows.resize(static_cast<std::size_t>(filter.limit));
  base::Arena arena;
  std::vector<Value> items;
  for (const store::SearchRow& row : rows) items.push_back(row_json(row, arena));
  Value next;
  if (has_more)
    next = store::json_text(cursor_text({rows.back().modified.time_since_epoch().count(), rows.back().uid}),
                            arena);
  return json_response(base::json::ObjectBuilder(arena)
                           .add("items", base::json::make_array(arena, std::span<const Value>(items)))
                           .add("next_cursor", next)
                           .finish());
}

}  // namespace api
