#include "api/conditional.hpp"

#include <algorithm>
#include <charconv>

#include "base/ascii.hpp"
#include "base/format.hpp"

namespace api {

namespace {

// Optional white space (RFC 9110, 5.6.3).
std::string_view trimmed(std::string_view text) {
  return base::trimmed(text, " \t");
}

// `"abc-gzip"` and `W/"abc"` as `abc`.
std::string_view opaque(std::string_view etag) {
  etag = trimmed(etag);
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() < 2 || etag.front() != '"' || etag.back() != '"') return {};
  etag = etag.substr(1, etag.size() - 2);
  for (const std::string_view suffix : {"-gzip", "-zstd"})
    if (etag.ends_with(suffix)) etag.remove_suffix(suffix.size());
  return etag;
}

// Digits alone, at most 19 of them.
std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void make_not_modified(Response& response) {
  response.status = 304;
  response.body.clear();
  response.shared.reset();
  response.file.reset();
  std::erase_if(response.fields, [](const Field& field) { return field.first == "Content-Type"; });
}

void apply_range(const Request& request, Response& response) {
  response.set("Accept-Ranges", "bytes");
  const std::string* const asked = request.field("range");
  if (asked == nullptr || request.method != "GET") return;
  const std::string* const etag = response.field("ETag");
  if (const std::string* const condition = request.field("if-range"))
    if (etag == nullptr || *condition != *etag) return;  // strong comparison; dates never match
  const std::uint64_t size = response.file->size;
  const auto range = parse_range(*asked, size);
  if (!range) return;
  if (range->size == 0) {
    response = error_response(416, "range_not_satisfiable", base::format("the file has {} bytes", size));
    response.set("Content-Range", base::format("bytes */{}", size));
    return;
  }
  response.status = 206;
  response.file->offset += range->offset;
  response.file->size = range->size;
  response.set("Content-Range",
               base::format("bytes {}-{}/{}", range->offset, range->offset + range->size - 1, size));
}

}  // namespace

bool names_etag(std::string_view field, std::string_view etag) {
  if (trimmed(field) == "*") return true;
  const std::string_view wanted = opaque(etag);
  while (!field.empty()) {
    const std::size_t comma = std::min(field.find(','), field.size());
    const std::string_view one = opaque(field.substr(0, comma));
    if (!one.empty() && one == wanted) return true;
    field.remove_prefix(std::min(comma + 1, field.size()));
  }
  return false;
}

std::optional<ByteRange> parse_range(std::string_view field, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!field.starts_with(unit) || field.find(',') != std::string_view::npos) return std::nullopt;
  field = trimmed(field.substr(unit.size()));
  const std::size_t dash = field.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = parse_number(field.substr(0, dash));
  const auto last = parse_number(field.substr(dash + 1));
  if (dash == 0) {  // the last so many bytes
    if (!last) return std::nullopt;
    const std::uint64_t length = std::min(*last, size);
    return ByteRange{size - length, length};
  }
  if (!first || (dash + 1 < field.size() && !last) || (last && *last < *first)) return std::nullopt;
  if (*first >= size) return ByteRange{0, 0};
  return ByteRange{*first, std::min(last.value_or(size - 1), size - 1) - *first + 1};
}

void evaluate_conditions(const Request& request, Response& response) {
  if (response.status != 200) return;
  const std::string* const etag = response.field("ETag");
  const std::string* const condition = request.field("if-none-match");
  if (etag != nullptr && condition != nullptr && names_etag(*condition, *etag))
    make_not_modified(response);
  else if (response.file)
    apply_range(request, response);
}

}  // namespace api
