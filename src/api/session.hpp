// One connection: requests in, answers out, one after the other. Private to the server: it speaks Asio.
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "api/service.hpp"

namespace api {

class Session;

/// The connections that are open, so that stopping can tell them.
class Sessions {
 public:
  void add(const std::shared_ptr<Session>& session);
  void remove(Session* session);
  std::size_t count() const;
  std::vector<std::shared_ptr<Session>> all() const;

  /// From now on no connection serves another request.
  void stop() { is_stopping_ = true; }
  bool is_stopping() const { return is_stopping_; }

 private:
  std::atomic<bool> is_stopping_ = false;
  mutable std::mutex mutex_;
  std::unordered_map<Session*, std::weak_ptr<Session>> sessions_;
};

/// Serves a connection until it ends; the coroutine keeps what it needs.
void start_session(boost::asio::ip::tcp::socket socket, Service& service, Sessions& sessions);

/// Ends the connection once the request under way, if any, is answered.
void drain(const std::shared_ptr<Session>& session);
/// Ends it now.
void abandon(const std::shared_ptr<Session>& session);

}  // namespace api
