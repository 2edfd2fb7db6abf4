#include "api/session.hpp"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>

#include "api/elsewhere.hpp"
#include "api/event_stream.hpp"
#include "api/request_reader.hpp"
#include "api/response_head.hpp"
#include "api/response_writer.hpp"

namespace api {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::awaitable;

namespace {

constexpr std::chrono::seconds between_events{1};
constexpr std::chrono::milliseconds between_looks{50};
constexpr std::size_t compressed_here = std::size_t{64} << 10;  // a millisecond's work at most

}  // namespace

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(asio::ip::tcp::socket socket, Service& service, Sessions& sessions)
      : stream_(std::move(socket)),
        timer_(stream_.get_executor()),
        service_(service),
        sessions_(sessions),
        limits_(service.settings().limits),
        writer_(stream_, service.backend().workers(), limits_) {
    beast::error_code error;
    const auto peer = stream_.socket().remote_endpoint(error);
    peer_ = error ? std::string("unknown") : peer.address().to_string();
    stream_.socket().set_option(asio::ip::tcp::no_delay(true), error);
    service_.backend().http_metrics().count_opened_connection();
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    service_.backend().http_metrics().count_closed_connection();
    sessions_.remove(this);
  }

  awaitable<void> run() {
    // Written out: g++ 12 goes wrong with co_await behind &&.
    bool goes_on = true;
    while (goes_on && !sessions_.is_stopping()) goes_on = co_await serve_one();
    co_await close();
  }

  void drain() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      self->draining_ = true;
      self->timer_.cancel();
      if (!self->is_busy_) self->stream_.close();
    });
  }

  void abandon() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] { self->stream_.close(); });
  }

 private:
  // Reads and answers one request. Returns whether the connection goes on.
  awaitable<bool> serve_one() {
    Parser parser;
    limit(parser, limits_);
    std::optional<Response> failure;
    const bool was_read = co_await read(parser, failure);
    if (!was_read) {
      if (!failure) co_return false;
      service_.backend().http_metrics().count_unreadable_request();
      co_await writer_.write(*failure, false, true);
      co_return false;
    }
    is_busy_ = true;
    const bool is_head = parser.get().method_string() == "HEAD";
    const bool keeps = parser.keep_alive() && parser.get().version() >= 11;
    version_1_0_ = parser.get().version() < 11;
    Request request = take_request(parser);
    request.peer = peer_;
    request.is_loopback = is_loopback(peer_);
    Service::Begun begun = service_.begin(request);
    Response response = co_await respond(request, begun);
    if (response.events) {
      co_await write_events(request, begun, response, is_head);
      co_return false;
    }
    co_await finish(request, begun, response);
    const bool goes_on = keeps && !draining_ && !sessions_.is_stopping();
    const bool was_written = co_await writer_.write(response, is_head, !goes_on);
    is_busy_ = false;
    co_return goes_on&& was_written;
  }

  // Compressing a large answer would keep every other connection of this loop waiting. Where too much waits
  // for a worker, it has to.
  awaitable<void> finish(const Request& request, const Service::Begun& begun, Response& response) {
    bool is_finished = false;
    if (response.content().size() > compressed_here)
      co_await work([&] {
        service_.finish(request, begun, response);
        is_finished = true;
        return Response();
      });
    if (!is_finished) service_.finish(request, begun, response);
    co_return;
  }

  awaitable<bool> read(Parser& parser, std::optional<Response>& failure) {
    beast::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    stream_.expires_after(limits_.request_time);
    co_await beast::http::async_read_header(stream_, buffer_, parser, token);
    if (!error) {
      failure = check_header(parser);
      if (failure) co_return false;
      if (!parser.is_done() && expects_continue(parser)) {
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        co_await asio::async_write(stream_, asio::buffer(go_on), token);
      }
    }
    if (!error && !parser.is_done()) co_await beast::http::async_read(stream_, buffer_, parser, token);
    if (error) failure = read_failure(parser, error, limits_);
    co_return !error;
  }

  awaitable<Response> respond(Request& request, Service::Begun& begun) {
    if (begun.response) co_return std::move(*begun.response);
    const Route& route = *begun.route;
    if (begun.runs == Runs::now) co_return service_.run(route, request);
    if (begun.runs == Runs::lookup) {
      FoundPtr found = service_.backend().cache().get(request.variable("id"));
      if (found) co_return service_.run(route, request, found);
      Response response = co_await look_up(route, request);
      co_return response;
    }
    Response response = co_await work([&] { return service_.run(route, request); });
    while (response.hold && !draining_ && Service::Clock::now() < begun.at + response.hold->longest) {
      co_await feed_moves(response.hold->after, begun.at + response.hold->longest);
      response = co_await work([&] { return service_.run(route, request); });
    }
    co_return response;
  }

  awaitable<Response> look_up(const Route& route, const Request& request) {
    using Outcome = std::pair<FoundPtr, std::exception_ptr>;
    auto start = [&](auto done) {
      const bool taken = service_.backend().lookups().submit(
          request.variable("id"), [done](FoundPtr found, std::exception_ptr failure) {
            done(Outcome{std::move(found), std::move(failure)});
          });
      if (!taken) done(Outcome{});
    };
    const Outcome outcome = co_await elsewhere<Outcome>(start);
    if (outcome.second) co_return service_.failed(request, outcome.second);
    if (!outcome.first) co_return busy_response();
    co_return service_.run(route, request, outcome.first);
  }

  template <typename Make>
  awaitable<Response> work(Make make) {
    return on_worker(service_.backend().workers(), std::move(make));
  }

  awaitable<void> feed_moves(std::int64_t after, Service::Clock::time_point deadline) {
    beast::error_code ignored;
    timer_.expires_at(deadline);
    const std::weak_ptr<Session> weak = weak_from_this();
    const std::uint64_t number = service_.backend().feed().wait(after, [weak] {
      if (const auto self = weak.lock())
        asio::post(self->stream_.get_executor(), [self] { self->timer_.cancel(); });
    });
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    service_.backend().feed().forget_wait(number);
    // A replica may be behind what the watcher saw.
    timer_.expires_after(between_looks);
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  // Server-sent events until the last one or until the client is gone; for HEAD none.
  awaitable<void> write_events(const Request& request, const Service::Begun& begun, Response& response,
                               bool is_head) {
    service_.finish(request, begun, response);
    EventStream events(std::move(response.events), request.id, version_1_0_);
    std::string text = event_stream_head(response, version_1_0_);
    bool goes_on = true;
    for (;;) {
      if (!text.empty()) goes_on = co_await writer_.write(text);
      if (!goes_on || is_head || draining_ || events.is_over()) co_return;
      text.clear();
      co_await work([&] {
        text = events.next(Service::Clock::now());
        return Response();
      });
      if (events.is_over()) continue;
      timer_.expires_after(between_events);
      beast::error_code ignored;
      co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
  }

  // A client that is still sending would lose our answer to a reset: read a little of what it sends.
  awaitable<void> close() {
    beast::error_code error;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
    std::array<char, 4096> rest{};
    std::size_t left = 1 << 20;
    stream_.expires_after(std::chrono::seconds(1));
    while (!error && left > 0) {
      const std::size_t got = co_await stream_.async_read_some(
          asio::buffer(rest), asio::redirect_error(asio::use_awaitable, error));
      left -= std::min(left, got);
    }
    stream_.close();
  }

  beast::tcp_stream stream_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  Service& service_;
  Sessions& sessions_;
  const Limits& limits_;
  ResponseWriter writer_;
  std::string peer_;
  bool is_busy_ = false;
  bool draining_ = false;
  bool version_1_0_ = false;
};

void start_session(asio::ip::tcp::socket socket, Service& service, Sessions& sessions) {
  const auto executor = socket.get_executor();
  const auto session = std::make_shared<Session>(std::move(socket), service, sessions);
  sessions.add(session);
  auto serve = [](std::shared_ptr<Session> self) -> awaitable<void> { co_await self->run(); };
  asio::co_spawn(executor, serve(session), asio::detached);
}

void drain(const std::shared_ptr<Session>& session) {
  session->drain();
}

void abandon(const std::shared_ptr<Session>& session) {
  session->abandon();
}

}  // namespace api
