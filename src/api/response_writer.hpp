// Answers to a socket, piece by piece, so that a slow client has its time for each and no more. Private to
// the server: it speaks Asio.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <string_view>

#include "api/message.hpp"
#include "api/settings.hpp"
#include "api/workers.hpp"

namespace api {

class ResponseWriter {
 public:
  /// Files are read on `workers`.
  ResponseWriter(boost::beast::tcp_stream& stream, Workers& workers, const Limits& limits)
      : stream_(stream), workers_(workers), limits_(limits) {}

  /// Writes head and body; of an answer to HEAD the head alone. Returns false when the client is gone or too
  /// slow, or a file ends too early.
  boost::asio::awaitable<bool> write(const Response& response, bool is_head, bool closes);

  /// Writes bytes as they are, of which the caller keeps hold. Returns false as above.
  boost::asio::awaitable<bool> write(std::string_view bytes);

 private:
  boost::asio::awaitable<bool> write_file(const FileBody& body);

  boost::beast::tcp_stream& stream_;
  Workers& workers_;
  const Limits& limits_;
};

}  // namespace api
