#include "api/encoding.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "base/format.hpp"
#include "base/gzip.hpp"
#include "base/zstd.hpp"

namespace api {

namespace {

constexpr std::size_t worth_it = 1024;  // below, the fields that it takes eat up what it saves

// What stands before the separator; it and the separator are taken from `text`.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = base::trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

// A qvalue in thousandths (RFC 9110, 12.4.2); 0, which refuses, for what is none.
int thousandths(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
  int value = (text[0] - '0') * 1000;
  if (text.size() == 1) return value;
  if (text[1] != '.' || text.size() > 5) return 0;
  int weight = 100;
  for (const char digit : text.substr(2)) {
    if (digit < '0' || digit > '9') return 0;
    value += (digit - '0') * weight;
    weight /= 10;
  }
  return value <= 1000 ? value : 0;
}

// Of a member's parameters, ";q=0.5", in thousandths.
int quality(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view value = take_until(parameters, ';');
    if (base::equal_ignoring_case(take_until(value, '='), "q")) return thousandths(base::trimmed(value));
  }
  return 1000;
}

std::string_view name_of(Coding coding) {
  return coding == Coding::gzip ? "gzip" : "zstd";
}

void mark_etag(Response& response, Coding coding) {
  for (auto& [name, value] : response.fields)
    if (name == "ETag" && value.ends_with('"'))
      value.insert(value.size() - 1, base::format("-{}", name_of(coding)));
}

}  // namespace

Coding choose_coding(std::string_view accept) {
  int zstd = 0;
  int gzip = 0;
  int identity = 0;
  while (!accept.empty()) {
    std::string_view parameters = take_until(accept, ',');
    const std::string_view name = take_until(parameters, ';');
    const int q = quality(parameters);
    if (base::equal_ignoring_case(name, "zstd")) zstd = q;
    if (base::equal_ignoring_case(name, "gzip") || base::equal_ignoring_case(name, "x-gzip")) gzip = q;
    if (base::equal_ignoring_case(name, "identity")) identity = q;
  }
  const int best = std::max(zstd, gzip);
  if (best == 0 || best < identity) return Coding::identity;
  return zstd == best ? Coding::zstd : Coding::gzip;
}

Coding negotiate(const Request& request, Response& response) {
  if (response.file || response.events || response.status == 304 || response.status == 204 ||
      response.content().size() < worth_it)
    return Coding::identity;
  response.set("Vary", "Accept-Encoding");
  const std::string* const accept = request.field("accept-encoding");
  const Coding coding = accept == nullptr ? Coding::identity : choose_coding(*accept);
  if (coding != Coding::identity) mark_etag(response, coding);
  return coding;
}

void encode(Coding coding, Response& response) {
  if (coding == Coding::identity || response.status == 304) return;
  std::string encoded;
  if (coding == Coding::gzip) {
    encoded = base::gzip(response.content());
  } else {
    thread_local base::ZstdCompressor compressor;
    compressor.compress(response.content(), nullptr, encoded);
  }
  response.shared.reset();
  response.body = std::move(encoded);
  response.set("Content-Encoding", std::string(name_of(coding)));
}

}  // namespace api
