#include "redis/connection.hpp"

#include <poll.h>

#include <array>

#include "base/format.hpp"
#include "base/hash.hpp"

namespace redis {

namespace {

using Clock = std::chrono::steady_clock;

// RESP: an array of bulk strings.
void append(std::string& out, const Command& command) {
  out += base::format("*{}\r\n", command.size());
  for (const std::string& argument : command) {
    out += base::format("${}\r\n", argument.size());
    out += argument;
    out += "\r\n";
  }
}

std::string first_word(const std::string& text) {
  return text.substr(0, text.find(' '));
}

// What a person can do about it.
std::string advice(const std::string& code) {
  if (code == "OOM") return "; free memory or raise maxmemory, with maxmemory-policy noeviction";
  if (code == "NOAUTH" || code == "WRONGPASS") return "; check the user and password of REDIS_URL";
  if (code == "MISCONF") return "; Redis cannot write to its disk";
  if (code == "READONLY") return "; REDIS_URL names a replica, not the primary";
  return {};
}

}  // namespace

Script::Script(std::string text) : text_(std::move(text)), sha1_(base::to_hex(base::sha1(text_))) {}

Reply Connection::command(const Command& arguments) {
  Reply reply = std::move(exchange({&arguments, 1}).front());
  if (reply.is_error()) fail(reply, arguments.front());
  return reply;
}

std::vector<Reply> Connection::pipeline(std::span<const Command> commands) {
  if (commands.empty()) return {};
  return exchange(commands);
}

Reply Connection::run(const Script& script, const std::vector<std::string>& keys,
                      const std::vector<std::string>& arguments) {
  Command command{"EVALSHA", script.sha1(), std::to_string(keys.size())};
  command.insert(command.end(), keys.begin(), keys.end());
  command.insert(command.end(), arguments.begin(), arguments.end());
  Reply reply = std::move(exchange({&command, 1}).front());
  if (reply.is_error() && first_word(reply.text) == "NOSCRIPT") {
    command[0] = "EVAL";
    command[1] = script.text();
    reply = std::move(exchange({&command, 1}).front());
  }
  if (reply.is_error()) fail(reply, "a script");
  return reply;
}

void Connection::subscribe(const std::string& channel) {
  command({"SUBSCRIBE", channel});
}

std::optional<std::string> Connection::next_message(std::chrono::milliseconds timeout) {
  if (!stream_) throw Error("lost the connection to " + settings_.name());
  try {
    const auto reply = try_read_reply(Clock::now() + timeout);
    if (!reply) return std::nullopt;
    // ["message", channel, text]
    if (reply->items.size() == 3 && reply->items[0].text == "message") return reply->items[2].text;
    return std::nullopt;
  } catch (...) {
    close();
    throw;
  }
}

void Connection::close() {
  stream_.reset();
  reader_.reset();
}

void Connection::open() {
  stream_ = connect(settings_);
  reader_ = std::make_unique<ReplyReader>();
  log_in();
}

void Connection::log_in() {
  std::vector<Command> commands;
  if (!settings_.password.empty() || !settings_.user.empty()) {
    Command auth{"AUTH"};
    if (!settings_.user.empty()) auth.push_back(settings_.user);
    auth.push_back(settings_.password);
    commands.push_back(std::move(auth));
  }
  if (settings_.database != 0) commands.push_back({"SELECT", std::to_string(settings_.database)});
  // Not every server lets everybody name a connection; it is only for people who look.
  commands.push_back({"CLIENT", "SETNAME", "vuln-datasync"});
  const std::vector<Reply> replies = converse(commands);
  for (std::size_t i = 0; i + 1 < replies.size(); ++i) {
    if (!replies[i].is_error()) continue;
    close();
    fail(replies[i], commands[i].front() == "AUTH" ? "the login" : "SELECT");
  }
}

// A server that was restarted has closed the connection, and there is something to read: the end. Nothing
// else is ever unasked for.
bool Connection::is_stale() const {
  return wait_for(stream_->descriptor(), POLLIN, Clock::now());
}

std::vector<Reply> Connection::exchange(std::span<const Command> commands) {
  if (stream_ && is_stale()) close();
  if (!stream_) open();
  return converse(commands);
}

std::vector<Reply> Connection::converse(std::span<const Command> commands) {
  try {
    std::string bytes;
    for (const Command& one : commands) append(bytes, one);
    stream_->write(bytes, Clock::now() + settings_.reply_timeout);
    std::vector<Reply> replies;
    replies.reserve(commands.size());
    while (replies.size() < commands.size())
      replies.push_back(read_reply(Clock::now() + settings_.reply_timeout));
    return replies;
  } catch (...) {
    close();  // whatever arrives later is not the answer to the next question
    throw;
  }
}

Reply Connection::read_reply(Stream::Deadline deadline) {
  auto reply = try_read_reply(deadline);
  if (!reply)
    throw Error(base::format("{} gave no answer within {} s", settings_.name(),
                             std::chrono::duration<double>(settings_.reply_timeout).count()));
  return std::move(*reply);
}

std::optional<Reply> Connection::try_read_reply(Stream::Deadline deadline) {
  std::array<char, 16384> buffer;
  for (;;) {
    if (auto reply = reader_->next()) return reply;
    const std::size_t size = stream_->read(buffer.data(), buffer.size(), deadline);
    if (size == 0) return std::nullopt;
    reader_->feed({buffer.data(), size});
  }
}

void Connection::fail(const Reply& reply, std::string_view what) const {
  const std::string code = first_word(reply.text);
  throw Error(base::format("{} refused {}: {}{}", settings_.name(), what, reply.text, advice(code)), code);
}

}  // namespace redis
