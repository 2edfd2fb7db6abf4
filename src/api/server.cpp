#include "api/server.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "api/response_head.hpp"
#include "api/service.hpp"
#include "api/session.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

namespace api {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;

namespace {

// Of loops, and no more than half of the cores: one alone answers tens of thousands of requests a second, and
// on a core that it shares with PostgreSQL, lookups or its clients an answer may wait for as long as the
// scheduler lets another run.
constexpr unsigned most_threads = 4;

// An event loop and its thread.
struct Loop {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::jthread thread{[this] { context.run(); }};

  Loop() = default;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() { finish(); }
  void finish() {
    context.stop();
    if (thread.joinable()) thread.join();
  }
};

tcp::endpoint endpoint_of(const Settings& settings) {
  boost::system::error_code error;
  const std::string host = settings.host == "localhost" ? "127.0.0.1" : settings.host;
  const auto address = asio::ip::make_address(host, error);
  if (error)
    throw base::Error("cannot listen on '" + settings.host +
                      "': it is no numeric address (127.0.0.1, 0.0.0.0, ::1, ::) and not localhost");
  return {address, static_cast<unsigned short>(settings.port)};
}

}  // namespace

struct Server::Impl {
  explicit Impl(const Settings& settings) : service(settings), endpoint(endpoint_of(settings)) {}

  void listen() {
    boost::system::error_code error;
    acceptor->open(endpoint.protocol(), error);
    if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor->bind(endpoint, error);
    if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
    if (error)
      throw base::Error("cannot listen on " + service.settings().host + " port " +
                        std::to_string(endpoint.port()) + ": " + error.message() +
                        "; choose another with --listen");
    endpoint = acceptor->local_endpoint();
  }

  awaitable<void> accept() {
    asio::steady_timer timer(loops.front()->context);
    bool is_failing = false;  // said once
    for (std::size_t next = 0; !sessions.is_stopping(); ++next) {
      boost::system::error_code error;
      asio::io_context& context = loops[next % loops.size()]->context;
      tcp::socket socket =
          co_await acceptor->async_accept(context, asio::redirect_error(asio::use_awaitable, error));
      if (sessions.is_stopping()) co_return;
      if (error) {
        // Out of descriptors, mostly: connections that end give some back.
        if (!is_failing) base::log::warn("cannot accept a connection", {{"error", error.message()}});
        is_failing = true;
        timer.expires_after(std::chrono::milliseconds(100));
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      if (is_failing) base::log::info("connections are accepted again");
      is_failing = false;
      if (sessions.count() >= service.settings().limits.connections) {
        refuse(socket);
      } else {
        start_session(std::move(socket), service, sessions);
      }
    }
  }

  // One that is too many is told so as far as that needs no waiting.
  void refuse(tcp::socket& socket) {
    service.backend().http_metrics().count_refused_connection();
    Response response = error_response(503, "too_many_connections", "too many connections; try again");
    response.set("Retry-After", "1");
    const std::string bytes = response_head(response, true) + response.body;
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(bytes), ignored);
  }

  Service service;
  tcp::endpoint endpoint;
  Sessions sessions;
  std::vector<std::unique_ptr<Loop>> loops;
  std::optional<tcp::acceptor> acceptor;
};

Server::Server(const Settings& settings) : impl_(std::make_unique<Impl>(settings)) {}

Server::~Server() {
  try {
    stop();
  } catch (const std::exception& error) {
    base::log::error("the server did not stop in order", {{"error", error.what()}});
  }
}

void Server::start() {
  const Settings& settings = impl_->service.settings();
  const unsigned half = std::clamp(std::thread::hardware_concurrency() / 2, 1U, most_threads);
  for (unsigned i = 0; i < (settings.threads == 0 ? half : settings.threads); ++i)
    impl_->loops.push_back(std::make_unique<Loop>());
  impl_->acceptor.emplace(impl_->loops.front()->context);
  impl_->listen();
  impl_->service.backend().start();
  asio::co_spawn(impl_->loops.front()->context, impl_->accept(), asio::detached);
  base::log::info("listening", {{"address", settings.host}, {"port", port()}});
}

void Server::stop() {
  Impl& impl = *impl_;
  if (impl.loops.empty()) return;
  impl.sessions.stop();
  asio::post(impl.loops.front()->context, [&impl] { impl.acceptor->close(); });
  for (const auto& session : impl.sessions.all()) drain(session);
  const auto wait_for_end = [&](std::chrono::milliseconds longest) {
    const auto deadline = std::chrono::steady_clock::now() + longest;
    while (impl.sessions.count() != 0 && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
  };
  wait_for_end(impl.service.settings().limits.stop_time);
  for (const auto& session : impl.sessions.all()) abandon(session);
  wait_for_end(std::chrono::seconds(1));
  impl.service.backend().stop();
  for (const auto& loop : impl.loops) loop->finish();
  impl.acceptor.reset();
  impl.loops.clear();
}

int Server::port() const {
  return impl_->endpoint.port();
}

void Server::reload_tokens() noexcept {
  try {
    impl_->service.reload_tokens();
    base::log::info("tokens read again");
  } catch (const std::exception& error) {
    base::log::error("the tokens stay as they were", {{"error", error.what()}});
  }
}

}  // namespace api
