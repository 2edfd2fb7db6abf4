#include "redis/reply.hpp"

#include <hiredis/hiredis.h>

#include "redis/error.hpp"

namespace redis {

struct ReplyReader::Reader {
  redisReader* handle = redisReaderCreate();
  redisReplyObjectFunctions functions{};
  decltype(functions.createArray) create_array = nullptr;  // hiredis' own
  bool is_too_long = false;
};

namespace {

// hiredis makes room for as many elements as an array announces, before any of them arrived: twelve bytes
// would take gigabytes. `Count` is int or size_t, by its version.
template <typename Reader, typename Count>
void* bounded_array(const redisReadTask* task, Count count) {
  auto& reader = *static_cast<Reader*>(task->privdata);
  reader.is_too_long = static_cast<std::size_t>(count) > ReplyReader::array_limit;
  return reader.is_too_long ? nullptr : reader.create_array(task, count);
}

Reply converted(const redisReply& from) {
  Reply to;
  switch (from.type) {
    case REDIS_REPLY_INTEGER:
      to.kind = Reply::Kind::integer;
      to.integer = from.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      to.kind = Reply::Kind::text;
      to.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ERROR:
      to.kind = Reply::Kind::error;
      to.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ARRAY:
      to.kind = Reply::Kind::array;
      to.items.reserve(from.elements);
      for (std::size_t i = 0; i < from.elements; ++i) to.items.push_back(converted(*from.element[i]));
      break;
    default:
      break;
  }
  return to;
}

}  // namespace

ReplyReader::ReplyReader() : reader_(std::make_unique<Reader>()) {
  if (reader_->handle == nullptr) throw Error("no memory for replies of Redis");
  reader_->functions = *reader_->handle->fn;
  reader_->create_array = reader_->functions.createArray;
  reader_->functions.createArray = bounded_array<Reader>;
  reader_->handle->fn = &reader_->functions;
  reader_->handle->privdata = reader_.get();
}

ReplyReader::~ReplyReader() {
  redisReaderFree(reader_->handle);
}

void ReplyReader::feed(std::string_view bytes) {
  pending_ += bytes.size();
  if (pending_ > reply_limit) throw Error("Redis sent a reply of more than 256 MiB");
  // What it cannot take in, next() says.
  redisReaderFeed(reader_->handle, bytes.data(), bytes.size());
}

std::optional<Reply> ReplyReader::next() {
  void* raw = nullptr;
  if (redisReaderGetReply(reader_->handle, &raw) != REDIS_OK) {
    if (reader_->is_too_long) throw Error("Redis announced an array of more than a million elements");
    throw Error(std::string("what arrived is not what Redis speaks: ") + reader_->handle->errstr);
  }
  if (raw == nullptr) return std::nullopt;
  pending_ = 0;
  const std::unique_ptr<void, void (*)(void*)> owner(raw, freeReplyObject);
  return converted(*static_cast<redisReply*>(raw));
}

}  // namespace redis
