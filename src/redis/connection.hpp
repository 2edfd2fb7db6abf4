// A connection to Redis that comes back: it is opened by the first command, and again by the next one after
// it was lost. A command whose connection is lost half-way is not repeated, because nobody knows whether it
// was done; its caller does what is right then.
#pragma once

#include <chrono>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redis/error.hpp"
#include "redis/reply.hpp"
#include "redis/settings.hpp"
#include "redis/stream.hpp"

namespace redis {

/// A Lua script that Redis keeps by its hash. Made once, for the life of the program.
class Script {
 public:
  explicit Script(std::string text);
  const std::string& text() const { return text_; }
  const std::string& sha1() const { return sha1_; }

 private:
  std::string text_;
  std::string sha1_;
};

using Command = std::vector<std::string>;

/// For one thread at a time.
class Connection {
 public:
  explicit Connection(Settings settings) : settings_(std::move(settings)) {}

  const Settings& settings() const { return settings_; }

  /// Sends one command and waits for its reply. Throws Error, also for an error reply (with its code).
  Reply command(const Command& arguments);
  /// Sends all commands at once; error replies stand among the others. Throws Error when the connection
  /// fails.
  std::vector<Reply> pipeline(std::span<const Command> commands);
  /// Runs a script; `keys` are KEYS, `arguments` ARGV.
  Reply run(const Script& script, const std::vector<std::string>& keys,
            const std::vector<std::string>& arguments);

  /// From now on this connection only listens to a channel.
  void subscribe(const std::string& channel);
  /// The next message of the channel, or nothing after `timeout`. Throws Error when the connection is lost.
  std::optional<std::string> next_message(std::chrono::milliseconds timeout);

  /// Whether the next command needs no connecting first.
  bool is_open() const { return stream_ && !is_stale(); }
  /// Closes the connection; the next command opens it again.
  void close();

 private:
  void open();
  void log_in();
  bool is_stale() const;
  Reply read_reply(Stream::Deadline deadline);
  std::optional<Reply> try_read_reply(Stream::Deadline deadline);
  std::vector<Reply> exchange(std::span<const Command> commands);  // opens the connection where needed
  std::vector<Reply> converse(std::span<const Command> commands);  // on the open one
  [[noreturn]] void fail(const Reply& reply, std::string_view what) const;

  Settings settings_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<ReplyReader> reader_;
};

}  // namespace redis
