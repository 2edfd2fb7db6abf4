#include "support/http_client.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <array>

#include "base/fd.hpp"
#include "base/json.hpp"

namespace support {

std::string send_bytes(int port, const std::string& bytes,
                       const std::function<void(const std::string& so_far)>& heard) {
  const base::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    return "no connection";
  ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  std::string answer;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = ::recv(socket.get(), buffer.data(), buffer.size(), 0)) > 0;) {
    answer.append(buffer.data(), static_cast<std::size_t>(got));
    if (heard) heard(answer);
  }
  return answer;
}

std::string http_exchange(int port, const std::string& method, const std::string& target,
                          const std::string& body, const std::string& fields) {
  return send_bytes(port, method + " " + target +
                              " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: " +
                              std::to_string(body.size()) + "\r\n" + fields + "\r\n" + body);
}

std::string body_of(const std::string& answer) {
  const std::size_t end_of_head = answer.find("\r\n\r\n");
  return end_of_head == std::string::npos ? std::string() : answer.substr(end_of_head + 4);
}

std::string json_member(const std::string& answer, std::string_view name) {
  base::Arena arena;
  const std::string text = body_of(answer);
  const auto parsed = base::json::parse(text, arena);
  const auto* found = parsed.value.is_object() ? parsed.value.find(name) : nullptr;
  return found == nullptr ? "absent" : base::json::write(*found);
}

}  // namespace support
