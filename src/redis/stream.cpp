#include "redis/stream.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "base/fd.hpp"
#include "base/format.hpp"
#include "redis/error.hpp"

namespace redis {

namespace {

using Clock = std::chrono::steady_clock;

std::string reason(int error_number) {
  return std::generic_category().message(error_number);
}

class Plain : public Stream {
 public:
  Plain(base::Fd fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}

  void write(std::string_view bytes, Deadline deadline) override {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
        continue;
      }
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) fail(reason(errno));
      if (!wait_for(fd_.get(), POLLOUT, deadline)) fail("it takes nothing in");
    }
  }

  std::size_t read(char* buffer, std::size_t size, Deadline deadline) override {
    for (;;) {
      const ssize_t got = ::recv(fd_.get(), buffer, size, 0);
      if (got > 0) return static_cast<std::size_t>(got);
      if (got == 0) fail("it closed the connection");
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) fail(reason(errno));
      if (!wait_for(fd_.get(), POLLIN, deadline)) return 0;
    }
  }

  int descriptor() const override { return fd_.get(); }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error("lost the connection to " + name_ + ": " + why);
  }

  base::Fd fd_;
  std::string name_;
};

// A server that vanished without a word is noticed after 45 seconds even while we only listen.
void keep_alive(int fd) {
  const int on = 1;
  const int idle = 15;
  const int interval = 10;
  const int probes = 3;
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// 0, or the errno of the attempt.
int try_connect(int fd, const sockaddr* address, socklen_t length, Stream::Deadline deadline) {
  if (::connect(fd, address, length) == 0) return 0;
  if (errno != EINPROGRESS && errno != EAGAIN) return errno;
  if (!wait_for(fd, POLLOUT, deadline)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

base::Fd new_socket(int family) {
  base::Fd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) throw Error("cannot make a socket: " + reason(errno));
  return fd;
}

[[noreturn]] void fail_to_connect(const Settings& settings, const std::string& why) {
  throw Error(
      base::format("cannot connect to {}: {}; is it running, and is REDIS_URL right?", settings.name(), why));
}

base::Fd connect_unix(const Settings& settings, Stream::Deadline deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = settings.socket.string();
  if (path.size() >= sizeof address.sun_path) fail_to_connect(settings, "the path is too long for a socket");
  std::copy(path.begin(), path.end(), address.sun_path);
  base::Fd fd = new_socket(AF_UNIX);
  const int error =
      try_connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address, deadline);
  if (error != 0) fail_to_connect(settings, reason(error));
  return fd;
}

base::Fd connect_tcp(const Settings& settings, Stream::Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failure =
      ::getaddrinfo(settings.host.c_str(), std::to_string(settings.port).c_str(), &hints, &found);
  if (failure != 0) fail_to_connect(settings, ::gai_strerror(failure));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  int error = 0;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    base::Fd fd = new_socket(one->ai_family);
    error = try_connect(fd.get(), one->ai_addr, one->ai_addrlen, deadline);
    if (error != 0) continue;
    keep_alive(fd.get());
    return fd;
  }
  fail_to_connect(settings, reason(error));
}

}  // namespace

bool wait_for(int descriptor, short events, Stream::Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd entry{descriptor, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::clamp<long long>(left, 0, 1'000'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) throw Error("cannot wait for Redis: " + reason(errno));
    if (ready == 0 && left <= 0) return false;
  }
}

std::unique_ptr<Stream> connect(const Settings& settings) {
  const auto deadline = Clock::now() + settings.connect_timeout;
  base::Fd fd = settings.socket.empty() ? connect_tcp(settings, deadline) : connect_unix(settings, deadline);
  std::unique_ptr<Stream> stream = std::make_unique<Plain>(std::move(fd), settings.name());
  if (settings.tls) stream = start_tls(std::move(stream), settings, deadline);
  return stream;
}

}  // namespace redis
