#include "support/http2_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <set>
#include <sstream>
#include <stdexcept>

#include "base/fd.hpp"
#include "support/certificate.hpp"

namespace support {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// One that nobody uses now; somebody may, before the server does.
int free_port() {
  const base::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.get(), generic, length) != 0 || ::getsockname(socket.get(), generic, &length) != 0)
    throw std::runtime_error("no port for an HTTP/2 server");
  return ntohs(address.sin_port);
}

bool answers(int port) {
  const base::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

Http2Server::Http2Server() {
  const Certificate certificate("IP:127.0.0.1");
  certificate.write_key(directory_.path() / "key.pem");
  certificate.write_certificate(this->certificate());
  std::filesystem::create_directory(files());
  for (int attempt = 0; attempt < 10; ++attempt)
    if (start()) return;
  throw std::runtime_error("nghttpd did not start");
}

bool Http2Server::start() {
  const base::Fd log(
      ::open((directory_.path() / "log").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  port_ = free_port();
  base::Command command{{"nghttpd", "--verbose", "--htdocs", files(), "--address", "127.0.0.1",
                         std::to_string(port_), directory_.path() / "key.pem", certificate()}};
  command.output = base::Stream::file(log);
  command.error = base::Stream::file(log);
  server_.emplace(command);
  while (!server_->wait_for(std::chrono::milliseconds(10)))
    if (answers(port_)) return true;
  return false;
}

std::string Http2Server::url(const std::string& name) const {
  return "https://127.0.0.1:" + std::to_string(port_) + "/" + name;
}

// Lines such as "[id=2] [  0.565] recv (stream_id=13) :path: /name"; ids count connections.
Http2Server::Seen Http2Server::seen() const {
  std::istringstream log(base::read_file(directory_.path() / "log"));
  Seen seen;
  std::set<std::string> connections;
  for (std::string line; std::getline(log, line);) {
    if (line.find(" :path: ") == std::string::npos) continue;
    ++seen.requests;
    connections.insert(line.substr(0, line.find(']')));
  }
  seen.connections = static_cast<int>(connections.size());
  return seen;
}

}  // namespace support
