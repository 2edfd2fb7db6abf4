// Leaves a connection's thread and comes back to it with a result. Private to the server: it speaks Asio.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "api/message.hpp"
#include "api/workers.hpp"

namespace api {

/// Runs `start(done)`, which calls done(result) from any thread, and goes on here with the result.
template <typename Result, typename Start>
boost::asio::awaitable<Result> elsewhere(Start start) {
  namespace asio = boost::asio;
  auto initiate = [&start](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    start([shared](Result result) {
      auto executor = asio::get_associated_executor(*shared);
      asio::post(executor, [shared, moved = std::move(result)]() mutable { (*shared)(std::move(moved)); });
    });
  };
  Result result = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result)>(
      std::move(initiate), asio::use_awaitable);
  co_return result;
}

/// The answer that `make` gives on a worker; this coroutine, and so what `make` refers to, waits meanwhile.
/// `busy_response()`, and `make` is not called, where too much waits for a worker.
template <typename Make>
boost::asio::awaitable<Response> on_worker(Workers& workers, Make make) {
  using Result = std::shared_ptr<Response>;
  auto start = [&](auto done) {
    const bool taken = workers.submit([&make, done] { done(std::make_shared<Response>(make())); });
    if (!taken) done(std::make_shared<Response>(busy_response()));
  };
  const Result result = co_await elsewhere<Result>(start);
  co_return std::move(*result);
}

}  // namespace api
