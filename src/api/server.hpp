// The HTTP server: sockets in front of a Service. Beast and Asio are known in server.cpp, session.cpp and
// their private headers alone.
//
// Threads: a few read and write sockets, each with its own event loop and its own connections; workers run
// what waits (backend.hpp). A request goes from its connection's thread to a worker and back to that thread.
#pragma once

#include <memory>

#include "api/settings.hpp"

namespace api {

class Server {
 public:
  /// Listens on nothing yet. Throws base::Error where the settings are not safe or a file cannot be read.
  explicit Server(const Settings& settings);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// Listens, and returns once requests are answered. Throws base::Error naming the address when it cannot.
  void start();
  /// Takes no more connections, lets the requests under way finish (for Limits::stop_time), closes.
  void stop();

  /// The port that it listens on, once started.
  int port() const;

  /// Reads the file of tokens again; a failure is logged and leaves the tokens as they were. Any thread.
  void reload_tokens() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace api
