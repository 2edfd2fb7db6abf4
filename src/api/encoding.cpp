#include "api/encoding.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/ascii.hpp"
#include "base/format.hpp"
#include "base/gzip.hpp"
#include "base/zstd.hpp"

namespace api {

namespace {

constexpr std::size_t worth_it = 1024;  // below, the fields that it takes eat up what it saves

// Whether a member of Accept-Encoding says no: "gzip;q=0".
bool is_refused(std::string_view parameters) {
  const std::size_t q = parameters.find("q=");
  if (q == std::string_view::npos) return false;
  return std::strtod(std::string(parameters.substr(q + 2, 5)).c_str(), nullptr) <= 0;
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
  Coding chosen = Coding::identity;
  while (!accept.empty()) {
    const std::size_t comma = std::min(accept.find(','), accept.size());
    std::string_view one = accept.substr(0, comma);
    accept.remove_prefix(std::min(comma + 1, accept.size()));
    one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
    const std::size_t end = std::min(one.find_first_of("; \t"), one.size());
    const std::string_view name = one.substr(0, end);
    if (is_refused(one.substr(end))) continue;
    if (base::equal_ignoring_case(name, "zstd")) return Coding::zstd;
    if (base::equal_ignoring_case(name, "gzip") || base::equal_ignoring_case(name, "x-gzip"))
      chosen = Coding::gzip;
  }
  return chosen;
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
