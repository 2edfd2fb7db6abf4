#include "api/request_reader.hpp"

#include <boost/beast/http/error.hpp>

#include "base/ascii.hpp"
#include "base/format.hpp"

namespace api {

namespace http = boost::beast::http;

namespace {

constexpr int http_1_1 = 11;

std::string to_text(boost::beast::string_view view) {
  return {view.data(), view.size()};
}

}  // namespace

void limit(Parser& parser, const Limits& limits) {
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  parser.body_limit(limits.body_bytes);
}

std::optional<Response> read_failure(const Parser& parser, const boost::beast::error_code& error,
                                     const Limits& limits) {
  if (error.category() != make_error_code(http::error::bad_method).category()) return std::nullopt;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    if (parser.get().target().empty())
      return error_response(414, "target_too_long",
                            base::format("the address is longer than {} bytes", limits.target_bytes));
    return error_response(431, "header_too_large",
                          base::format("the header is larger than {} bytes", limits.header_bytes));
  }
  if (error == http::error::body_limit)
    return error_response(413, "body_too_large",
                          base::format("the body is larger than {} bytes", limits.body_bytes));
  if (error == http::error::bad_version)
    return error_response(505, "version_not_supported", "this server speaks HTTP/1.1");
  return error_response(400, "bad_request", "this is no HTTP request: " + error.message());
}

std::optional<Response> check_header(const Parser& parser) {
  const auto& message = parser.get();
  const auto hosts = message.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && message.version() >= http_1_1))
    return error_response(400, "bad_host", "a request has one Host field");
  const auto codings = message.equal_range(http::field::transfer_encoding);
  for (auto coding = codings.first; coding != codings.second; ++coding)
    if (!base::equal_ignoring_case(to_text(coding->value()), "chunked"))
      return error_response(501, "not_implemented", "the only transfer coding here is chunked");
  if (message.count(http::field::expect) != 0 && !expects_continue(parser))
    return error_response(417, "expectation_failed", "the only expectation here is 100-continue");
  return std::nullopt;
}

bool expects_continue(const Parser& parser) {
  return base::equal_ignoring_case(to_text(parser.get()[http::field::expect]), "100-continue");
}

Request take_request(Parser& parser) {
  auto& message = parser.get();
  Request request;
  request.method = to_text(message.method_string());
  request.target = to_text(message.target());
  // Lines of one name are one list (RFC 9110, 5.3); Beast keeps them together.
  for (const auto& field : message) {
    std::string name = base::lowered(to_text(field.name_string()));
    if (!request.fields.empty() && request.fields.back().first == name)
      request.fields.back().second.append(", ").append(to_text(field.value()));
    else
      request.fields.emplace_back(std::move(name), to_text(field.value()));
  }
  request.body = std::move(message.body());
  return request;
}

}  // namespace api
