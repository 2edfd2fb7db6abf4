#include "support/http_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <stdexcept>

namespace support {
namespace {

base::Fd loopback_socket(int& port) {
  base::Fd result(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (!result || ::bind(result.get(), generic, length) != 0 ||
      ::getsockname(result.get(), generic, &length) != 0)
    throw std::runtime_error("no port for a test server");
  port = ntohs(address.sin_port);
  return result;
}

bool send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

HttpRequest parse_request(const std::string& head) {
  HttpRequest request;
  const std::size_t first = head.find(' ');
  const std::size_t second = head.find(' ', first + 1);
  request.method = head.substr(0, first);
  request.target = head.substr(first + 1, second - first - 1);
  for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
    const std::size_t end = head.find("\r\n", at);
    const std::size_t colon = head.find(": ", at);
    if (colon < end)
      request.fields[lower(head.substr(at, colon - at))] = head.substr(colon + 2, end - colon - 2);
    at = end + 2;
  }
  return request;
}

std::string head_of(const HttpAnswer& answer) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n";
  for (const auto& [name, value] : answer.fields) head += name + ": " + value + "\r\n";
  if (answer.without_length)
    head += "Connection: close\r\n";
  else if (answer.status != 304)
    head +=
        "Content-Length: " + std::to_string(answer.announced_length.value_or(answer.body.size())) + "\r\n";
  return head + "\r\n";
}

}  // namespace

std::string HttpRequest::field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

HttpServer::HttpServer(Handler handler) : handler_(std::move(handler)), socket_(loopback_socket(port_)) {
  if (::listen(socket_.get(), 16) != 0) throw std::runtime_error("a test server cannot listen");
  listener_ = std::jthread([this] { listen(); });
}

HttpServer::~HttpServer() {
  stopping_ = true;
  ::shutdown(socket_.get(), SHUT_RDWR);
  listener_.join();
  for (const base::Fd& connection : connections_) ::shutdown(connection.get(), SHUT_RDWR);
  threads_.clear();
}

std::string HttpServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

std::vector<HttpRequest> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t HttpServer::connections() const {
  const std::lock_guard lock(mutex_);
  return threads_.size();
}

void HttpServer::listen() {
  while (!stopping_) {
    base::Fd connection(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection) continue;
    const std::lock_guard lock(mutex_);
    const int number = connection.get();
    connections_.push_back(std::move(connection));
    threads_.emplace_back([this, number] { serve(number); });
  }
}

// The descriptor stays open until the server goes, so that its number is never another connection's.
void HttpServer::serve(int connection) {
  std::string received;
  for (;;) {
    std::size_t end = 0;
    while ((end = received.find("\r\n\r\n")) == std::string::npos) {
      char buffer[4096];
      const ssize_t count = ::recv(connection, buffer, sizeof buffer, 0);
      if (count <= 0) return;
      received.append(buffer, static_cast<std::size_t>(count));
      constexpr char tls_handshake = 0x16;  // which this server does not speak
      if (received.front() == tls_handshake) {
        ::shutdown(connection, SHUT_RDWR);
        return;
      }
    }
    HttpRequest request = parse_request(received.substr(0, end + 2));
    received.erase(0, end + 4);
    const std::string length = request.field("content-length");
    const std::size_t expected = length.empty() ? 0 : std::stoul(length);
    while (received.size() < expected) {
      char buffer[4096];
      const ssize_t count = ::recv(connection, buffer, sizeof buffer, 0);
      if (count <= 0) return;
      received.append(buffer, static_cast<std::size_t>(count));
    }
    request.body = received.substr(0, expected);
    received.erase(0, expected);
    if (!answer(connection, request)) break;
  }
  ::shutdown(connection, SHUT_RDWR);
}

bool HttpServer::answer(int connection, const HttpRequest& request) {
  HttpAnswer answer;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    answer = handler_(request);
  }
  const std::string head = head_of(answer);
  const std::string_view body = std::string_view(answer.body).substr(0, answer.break_after.value_or(-1));
  if (!send_all(connection, head)) return false;
  if (request.method == "HEAD") return true;
  for (std::size_t i = 0; answer.drip && i < body.size() && !stopping_; ++i) {
    if (!send_all(connection, body.substr(i, 1))) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  if (answer.drip) return false;
  if (!send_all(connection, body)) return false;
  if (answer.reset) {
    // What was sent must have arrived: a reset throws away what the other side has not read.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const linger at_once{1, 0};
    ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    sockaddr unspecified{};
    unspecified.sa_family = AF_UNSPEC;
    // On Linux: a reset while descriptors stay.
    static_cast<void>(::connect(connection, &unspecified, sizeof unspecified));
    return false;
  }
  return !answer.break_after && !answer.without_length && !answer.announced_length;
}

HttpAnswer file_answer(const HttpRequest& request, std::string_view content, const std::string& etag) {
  HttpAnswer answer;
  answer.fields = {{"ETag", etag}};
  if (!etag.empty() && request.field("if-none-match") == etag) {
    answer.status = 304;
    return answer;
  }
  const std::string range = request.field("range");
  const std::string condition = request.field("if-range");
  if (range.empty() || (!condition.empty() && condition != etag)) {
    answer.body = content;
    return answer;
  }
  std::size_t first = 0;
  const std::size_t digits = std::string_view("bytes=").size();
  std::from_chars(range.data() + digits, range.data() + range.size(), first);
  if (first >= content.size()) {
    answer.status = 416;
    return answer;
  }
  answer.status = 206;
  answer.body = content.substr(first);
  answer.fields.emplace_back("Content-Range", "bytes " + std::to_string(first) + "-" +
                                                  std::to_string(content.size() - 1) + "/" +
                                                  std::to_string(content.size()));
  return answer;
}

std::string dead_url() {
  // Bound for as long as the tests run and never listening: nobody else gets the port meanwhile.
  static int port = 0;
  static const base::Fd taken = loopback_socket(port);
  return "http://127.0.0.1:" + std::to_string(port);
}

}  // namespace support
