// A web server on this machine for tests: it answers as a function says, also wrongly in every way that a
// server or the network can be wrong.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/fd.hpp"

namespace support {

struct HttpRequest {
  std::string method;
  std::string target;                         // "/all.zip?alt=media", or a whole address through a proxy
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body = {};

  /// The value of a field, or "".
  std::string field(const std::string& name) const;
  /// The target before its question mark.
  std::string path() const { return target.substr(0, target.find('?')); }
};

struct HttpAnswer {
  int status = 200;
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> fields = {};
  /// How the transfer goes wrong.
  std::optional<std::uint64_t> announced_length = {};  // Content-Length, when it is a lie
  bool without_length = false;                         // the end of the connection is the end of the body
  std::optional<std::size_t> break_after = {};         // so many bytes of the body are sent, no more
  bool reset = false;                                  // the connection then ends with a reset
  bool drip = false;                                   // after the first byte, a byte now and then
};

/// Something that a server's handler reads, for another thread to change: for as long as this lives, which is
/// one expression mostly, the handler waits.
template <class T>
class Locked {
 public:
  Locked(std::unique_lock<std::recursive_mutex> lock, T& shared) : lock_(std::move(lock)), shared_(shared) {}
  T* operator->() const { return &shared_; }

 private:
  std::unique_lock<std::recursive_mutex> lock_;
  T& shared_;
};

class HttpServer {
 public:
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  /// Listens on a free port of the loopback address until it is destroyed. `handler` is called under a lock.
  explicit HttpServer(Handler handler);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  /// "http://127.0.0.1:PORT" and `path`.
  std::string url(std::string_view path = "") const;
  /// What was asked so far.
  std::vector<HttpRequest> requests() const;
  std::size_t connections() const;
  /// The lock that the handler is called under.
  std::unique_lock<std::recursive_mutex> lock() const { return std::unique_lock(mutex_); }

 private:
  void listen();
  void serve(int connection);
  bool answer(int connection, const HttpRequest& request);

  Handler handler_;
  mutable std::recursive_mutex mutex_;  // one expression may lock twice
  std::vector<HttpRequest> requests_;
  std::vector<base::Fd> connections_;
  std::vector<std::jthread> threads_;
  std::atomic<bool> stopping_ = false;
  int port_ = 0;
  base::Fd socket_;  // after its port, which it fills in
  std::jthread listener_;
};

/// A file with an ETag, served as RFC 9110 says: Range, If-Range and If-None-Match are honoured.
HttpAnswer file_answer(const HttpRequest& request, std::string_view content, const std::string& etag);

/// An address of this machine where nobody listens.
std::string dead_url();

}  // namespace support
