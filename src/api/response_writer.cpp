#include "api/response_writer.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "api/elsewhere.hpp"
#include "api/response_head.hpp"

namespace api {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

constexpr std::size_t piece = std::size_t{256} << 10;  // of a body, each with write_time to be taken

}  // namespace

awaitable<bool> ResponseWriter::write(const Response& response, bool is_head, bool closes) {
  const std::string head = response_head(response, closes);
  const std::string_view body = is_head || response.file ? std::string_view() : response.content();
  boost::beast::error_code error;
  const std::string_view first = body.substr(0, piece);
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(first)};
  stream_.expires_after(limits_.write_time);
  co_await asio::async_write(stream_, buffers, asio::redirect_error(asio::use_awaitable, error));
  bool goes_on = !error;
  for (std::size_t at = first.size(); goes_on && at < body.size(); at += piece)
    goes_on = co_await write(body.substr(at, piece));
  if (goes_on && response.file && !is_head) goes_on = co_await write_file(*response.file);
  co_return goes_on;
}

awaitable<bool> ResponseWriter::write(std::string_view bytes) {
  boost::beast::error_code error;
  stream_.expires_after(limits_.write_time);
  co_await asio::async_write(stream_, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

awaitable<bool> ResponseWriter::write_file(const FileBody& body) {
  std::string bytes;
  bool goes_on = true;
  for (std::uint64_t at = 0; goes_on && at < body.size; at += bytes.size()) {
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(piece, body.size - at));
    bytes.clear();
    co_await on_worker(workers_, [&] {
      bytes.resize(wanted);
      const ssize_t got =
          ::pread(body.file->get(), bytes.data(), wanted, static_cast<off_t>(body.offset + at));
      bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
      return Response();
    });
    if (bytes.empty()) co_return false;  // the length is promised: all that is left is to break off
    goes_on = co_await write(bytes);
  }
  co_return goes_on;
}

}  // namespace api
