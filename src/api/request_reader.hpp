// Requests from bytes: Beast's parser with our limits. Private to the server and its fuzz target.
#pragma once

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "api/message.hpp"
#include "api/settings.hpp"

namespace api {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// Sets the limits of a new parser.
void limit(Parser& parser, const Limits& limits);

/// The answer to a request that could not be read; nothing where there is nobody left to answer, because the
/// connection ended or was too slow.
std::optional<Response> read_failure(const Parser& parser, const boost::beast::error_code& error,
                                     const Limits& limits);

/// What is wrong with a header that was read: a Host field missing or repeated, a transfer coding or an
/// expectation that is not known. Nothing when it is fine.
std::optional<Response> check_header(const Parser& parser);

/// Whether the client waits for "100 Continue" before it sends the body.
bool expects_continue(const Parser& parser);

/// The request that was read. Fields that stand on several lines are one, their values joined by ", ".
Request take_request(Parser& parser);

}  // namespace api
