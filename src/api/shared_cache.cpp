#include "api/shared_cache.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "base/hash.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"

namespace api {

namespace {

using namespace std::chrono_literals;

// A command on one host takes a tenth of a millisecond; who needs that long does not save a lookup any time.
constexpr std::chrono::milliseconds patience = 50ms;
constexpr std::chrono::milliseconds between_attempts = 1s;
constexpr std::chrono::minutes between_warnings{1};
// Long enough for what is asked for again and again, and a bound on what Redis holds.
constexpr const char* lives_for_seconds = "60";
constexpr std::size_t connections = 3;  // as many as there are threads of lookups
constexpr std::size_t most_bytes = std::size_t{256}
                                   << 10;  // of one answer: reading it is to take less than `patience`
constexpr std::size_t most_waiting = std::size_t{8} << 20;  // bytes that wait to be written
constexpr std::size_t writes_at_once = 64;

// The number is that of the encoding: other versions of this program may share the Redis.
std::string key(const std::string& feed_id, const std::string& identifier) {
  return "vuln-datasync:lookup:1:" + feed_id + ":" + identifier;
}

void append_number(std::string& out, std::int64_t number) {
  for (int shift = 0; shift < 64; shift += 8)
    out += static_cast<char>(static_cast<std::uint64_t>(number) >> shift);
}

void append_text(std::string& out, std::string_view text) {
  append_number(out, static_cast<std::int64_t>(text.size()));
  out += text;
}

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : left_(bytes) {}
  bool is_well() const { return is_well_; }
  bool is_at_end() const { return left_.empty(); }

  std::string_view take(std::size_t size) {
    is_well_ = is_well_ && size <= left_.size();
    if (!is_well_) return {};
    const std::string_view bytes = left_.substr(0, size);
    left_.remove_prefix(size);
    return bytes;
  }
  std::int64_t number() {
    std::uint64_t number = 0;
    int shift = 0;
    for (const char byte : take(8)) {
      number |= std::uint64_t{static_cast<unsigned char>(byte)} << shift;
      shift += 8;
    }
    return static_cast<std::int64_t>(number);
  }
  std::string text() { return std::string(take(static_cast<std::size_t>(number()))); }

 private:
  std::string_view left_;
  bool is_well_ = true;
};

constexpr std::size_t checksum_bytes = 16;

}  // namespace

std::string encode_answer(const Found& found, std::int64_t cursor) {
  std::string bytes(checksum_bytes, '\0');
  bytes.reserve(found.bytes());
  append_number(bytes, cursor);
  for (const store::Hit& hit : found.hits) {
    append_number(bytes, hit.uid);
    for (const std::string* const text : {&hit.id, &hit.kind, &hit.document, &hit.document_hash})
      append_text(bytes, *text);
  }
  const base::Fast128 checksum = base::fast128(std::string_view(bytes).substr(checksum_bytes));
  std::copy(checksum.begin(), checksum.end(), bytes.begin());
  return bytes;
}

std::optional<DecodedAnswer> decode_answer(std::string_view bytes) {
  Decoder decoder(bytes);
  const std::string_view checksum = decoder.take(checksum_bytes);
  if (!decoder.is_well() || checksum != base::bytes_of(base::fast128(bytes.substr(checksum_bytes))))
    return std::nullopt;
  DecodedAnswer answer;
  answer.cursor = decoder.number();
  Found found;
  while (decoder.is_well() && !decoder.is_at_end()) {
    store::Hit hit;
    hit.uid = decoder.number();
    for (std::string* const text : {&hit.id, &hit.kind, &hit.document, &hit.document_hash})
      *text = decoder.text();
    found.hits.push_back(std::move(hit));
  }
  if (!decoder.is_well() || found.hits.empty()) return std::nullopt;
  answer.found = std::make_shared<const Found>(std::move(found));
  return answer;
}

SharedCache::SharedCache(redis::Settings redis, Cache& cache)
    : redis_([&] {
        redis.connect_timeout = patience;
        redis.reply_timeout = patience;
        return std::move(redis);
      }()),
      cache_(cache),
      writer_(redis_) {}

void SharedCache::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void SharedCache::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

Answers SharedCache::find(const std::vector<std::string>& identifiers) {
  Answers answers;
  const std::string feed_id = cache_.feed_id();
  if (feed_id.empty() || identifiers.empty()) return answers;
  redis::Command mget{"MGET"};
  for (const std::string& identifier : identifiers) mget.push_back(key(feed_id, identifier));
  const auto reply = ask(mget);
  if (!reply || reply->items.size() != identifiers.size()) return answers;
  for (std::size_t i = 0; i < identifiers.size(); ++i)
    if (FoundPtr found = admit(identifiers[i], reply->items[i].text, feed_id))
      answers.emplace(identifiers[i], std::move(found));
  return answers;
}

// Nothing where no connection is free, or where it fails.
std::optional<redis::Reply> SharedCache::ask(const redis::Command& command) {
  ConnectionPtr connection = take();
  if (!connection) return std::nullopt;
  try {
    redis::Reply reply = connection->command(command);
    give_back(std::move(connection));
    return reply;
  } catch (const redis::Error& error) {
    give_back(nullptr);
    note_failure(error.what());
    return std::nullopt;
  }
}

// An answer of Redis, where it is one and true; counted in any case.
FoundPtr SharedCache::admit(const std::string& identifier, const std::string& value,
                            const std::string& feed_id) {
  const auto decoded = value.empty() ? std::nullopt : decode_answer(value);
  const bool is_true = decoded && cache_.admit(identifier, decoded->found, {feed_id, decoded->cursor});
  const std::scoped_lock lock(mutex_);
  ++(value.empty() ? use_.misses : !decoded ? use_.errors : is_true ? use_.hits : use_.outdated);
  return is_true ? decoded->found : nullptr;
}

void SharedCache::put(const std::string& identifier, FoundPtr found, const store::FeedPosition& read) {
  const std::size_t bytes = found->bytes();
  const std::scoped_lock lock(mutex_);
  if (bytes > most_bytes || waiting_bytes_ + bytes > most_waiting || !is_connected()) return;
  waiting_bytes_ += bytes;
  waiting_.push_back({identifier, std::move(found), read});
  changed_.notify_one();
}

SharedCacheUse SharedCache::use() const {
  const std::scoped_lock lock(mutex_);
  SharedCacheUse use = use_;
  use.is_connected = is_connected();
  return use;
}

SharedCache::ConnectionPtr SharedCache::take() {
  const std::scoped_lock lock(mutex_);
  while (!idle_.empty()) {
    ConnectionPtr connection = std::move(idle_.back());
    idle_.pop_back();
    if (!connection->is_open()) continue;
    ++in_use_;
    return connection;
  }
  return nullptr;
}

void SharedCache::give_back(ConnectionPtr connection) {
  const std::scoped_lock lock(mutex_);
  --in_use_;
  if (connection) idle_.push_back(std::move(connection));
}

// What fails for one fails for all: they are given up, and opened anew after a while.
void SharedCache::note_failure(const std::string& what) {
  const std::scoped_lock lock(mutex_);
  ++use_.errors;
  idle_.clear();
  waiting_.clear();
  waiting_bytes_ = 0;
  const auto now = std::chrono::steady_clock::now();
  if (now < quiet_until_) return;
  quiet_until_ = now + between_warnings;
  base::log::warn("the shared cache fails; lookups go to the database", {{"cause", what}});
}

void SharedCache::run(const std::stop_token& stop) {
  do {
    try {
      while (!stop.stop_requested()) {
        open_connections();
        write(next_writes(stop));
      }
    } catch (const std::exception& error) {
      note_failure(error.what());
    }
  } while (base::sleep_for(between_attempts, stop));
}

// As many as are wanted, and living ones: Redis may have been restarted.
void SharedCache::open_connections() {
  const auto are_missing = [this] {
    const std::scoped_lock lock(mutex_);
    std::erase_if(idle_, [](const ConnectionPtr& one) { return !one->is_open(); });
    return idle_.size() + in_use_ < connections;
  };
  while (are_missing()) {
    auto connection = std::make_unique<redis::Connection>(redis_);
    connection->command({"PING"});
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(connection));
  }
}

// Some of what waits; nothing once it is time to look after the connections, or to stop.
std::vector<SharedCache::Write> SharedCache::next_writes(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, between_attempts, [this] { return !waiting_.empty(); });
  std::vector<Write> writes;
  while (!waiting_.empty() && writes.size() < writes_at_once) {
    waiting_bytes_ -= waiting_.front().found->bytes();
    writes.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return writes;
}

void SharedCache::write(const std::vector<Write>& writes) {
  std::vector<redis::Command> commands;
  commands.reserve(writes.size());
  for (const Write& one : writes)
    commands.push_back({"SET", key(one.read.feed_id, one.identifier),
                        encode_answer(*one.found, one.read.cursor), "EX", lives_for_seconds});
  for (const redis::Reply& reply : writer_.pipeline(commands))
    if (reply.is_error()) throw redis::Error(redis_.name() + " refused SET: " + reply.text);
}

}  // namespace api
