// A connection as a stream of bytes with deadlines: TCP or a Unix socket, with or without TLS. hiredis of
// Debian 12 has no TLS, and its own sockets know no deadline for a whole reply.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

#include "redis/settings.hpp"

namespace redis {

class Stream {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  virtual ~Stream() = default;
  /// Writes all of it. Throws Error (without a code) when the connection fails or the time is up.
  virtual void write(std::string_view bytes, Deadline deadline) = 0;
  /// Reads what is there, at least one byte; 0 when the time is up. Throws Error when the connection fails or
  /// the server has closed it.
  virtual std::size_t read(char* buffer, std::size_t size, Deadline deadline) = 0;
  /// The descriptor, to wait on.
  virtual int descriptor() const = 0;
};

/// Connects within settings.connect_timeout. Throws Error that names the server and the reason.
std::unique_ptr<Stream> connect(const Settings& settings);

/// Wraps a connected stream in TLS: the server's certificate must be valid for settings.host.
std::unique_ptr<Stream> start_tls(std::unique_ptr<Stream> plain, const Settings& settings,
                                  Stream::Deadline deadline);

/// Waits until the descriptor can be read or written (poll(2) events); false when the time is up.
bool wait_for(int descriptor, short events, Stream::Deadline deadline);

}  // namespace redis
