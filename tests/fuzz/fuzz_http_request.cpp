// Any bytes as what a client sends: requests, each found a route or refused with a status, or an answer to
// what is no request. The first byte says in which pieces they arrive.
#include <boost/asio/buffer.hpp>

#include "api/conditional.hpp"
#include "api/encoding.hpp"
#include "api/parameters.hpp"
#include "api/request_reader.hpp"
#include "api/route.hpp"
#include "api/target.hpp"
#include "fuzz/fuzz_target.hpp"

namespace {

void route(api::Request request) {
  try {
    const api::Target target = api::parse_target(request.target);
    request.query = target.query;
    api::find_route(request, target.segments);
    api::number_parameter(request, "limit", 1, 1000, 100);
    api::flag_parameter(request, "explain");
    api::text_parameter(request, "q");
    api::time_parameter(request, "modified_since");
    base::Arena arena;
    api::object_body(request, arena, {"sources", "full"});
  } catch (const api::Refusal& refusal) {
    const int status = refusal.response().status;
    fuzz::require(status >= 400 && status < 500, "a refusal says what the client did wrong");
  }
  if (const std::string* const range = request.field("range"))
    if (const auto found = api::parse_range(*range, 1000))
      fuzz::require(found->offset + found->size <= 1000, "a range lies in the file");
  if (const std::string* const etags = request.field("if-none-match")) api::names_etag(*etags, "\"a\"");
  if (const std::string* const codings = request.field("accept-encoding")) api::choose_coding(*codings);
}

// Reads one request; the number of bytes that it took, or nothing when there is no more to read.
std::size_t read_one(std::string_view bytes, std::size_t piece) {
  const api::Limits limits;
  api::Parser parser;
  api::limit(parser, limits);
  parser.eager(true);
  std::size_t taken = 0;
  for (std::size_t arrived = piece; !parser.is_done(); arrived += piece) {
    const auto available = bytes.substr(taken, std::min(arrived, bytes.size()) - taken);
    boost::beast::error_code error;
    taken += parser.put(boost::asio::buffer(available.data(), available.size()), error);
    if (error == boost::beast::http::error::need_more) error = {};
    if (error) {
      const auto answer = api::read_failure(parser, error, limits);
      fuzz::require(!answer || (answer->status >= 400 && answer->status < 600), "an answer to no request");
      return 0;
    }
    if (arrived >= bytes.size()) break;
  }
  if (parser.is_header_done() && api::check_header(parser)) return 0;
  if (!parser.is_done()) return 0;
  route(api::take_request(parser));
  return taken;
}

}  // namespace

FUZZ_TARGET(http_request) {
  if (bytes.empty()) return;
  const std::size_t piece = static_cast<unsigned char>(bytes.front()) + std::size_t{1};
  bytes.remove_prefix(1);
  while (!bytes.empty()) {
    const std::size_t taken = read_one(bytes, piece);
    if (taken == 0) return;
    bytes.remove_prefix(taken);
  }
}
