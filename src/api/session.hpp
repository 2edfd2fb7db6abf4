// One connection: requests in, answers out, one after the other. Private to the server: it speaks Asio.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "api/service.hpp"
#include "api/sessions.hpp"

namespace api {

/// Serves a connection until it ends; the coroutine keeps what it needs.
void start_session(boost::asio::ip::tcp::socket socket, Service& service, Sessions& sessions);

/// Ends the connection once the request under way, if any, is answered.
void drain(const std::shared_ptr<Session>& session);
/// Ends it now.
void abandon(const std::shared_ptr<Session>& session);

}  // namespace api
