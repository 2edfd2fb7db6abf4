// Any bytes as what Redis answers: replies, or redis::Error; the same however they are cut.
#include <string>
#include <vector>

#include "fuzz/fuzz_target.hpp"
#include "redis/error.hpp"
#include "redis/reply.hpp"

namespace {

void print(const redis::Reply& reply, std::string& out) {
  out +=
      std::to_string(static_cast<int>(reply.kind)) + ':' + std::to_string(reply.integer) + ':' + reply.text;
  for (const redis::Reply& item : reply.items) print(item, out += '[');
}

// Every whole reply, and whether the end was an error.
std::string read(std::string_view bytes, std::size_t piece) {
  std::string out;
  redis::ReplyReader reader;
  try {
    while (!bytes.empty()) {
      reader.feed(bytes.substr(0, piece));
      bytes.remove_prefix(std::min(piece, bytes.size()));
      while (const auto reply = reader.next()) print(*reply, out += '\n');
    }
  } catch (const redis::Error&) {
    out += "\nerror";
  }
  return out;
}

}  // namespace

FUZZ_TARGET(redis_reply) {
  fuzz::require(read(bytes, bytes.size() + 1) == read(bytes, 7), "replies in pieces are the same replies");
}
