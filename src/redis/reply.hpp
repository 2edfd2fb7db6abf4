// What Redis answers (RESP2, https://redis.io/docs/reference/protocol-spec/).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redis {

struct Reply {
  enum class Kind { nil, integer, text, array, error };
  Kind kind = Kind::nil;
  std::int64_t integer = 0;
  std::string text;  // of text and error
  std::vector<Reply> items;

  bool is_text() const { return kind == Kind::text; }
  bool is_error() const { return kind == Kind::error; }
};

/// Puts replies together from the bytes that arrive (hiredis' reader).
class ReplyReader {
 public:
  ReplyReader();
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;
  ~ReplyReader();

  /// Takes in what arrived. Throws Error when one reply has more than `reply_limit` bytes.
  void feed(std::string_view bytes);
  /// The next whole reply, or nothing. Throws Error when the bytes are not what Redis speaks, or announce an
  /// array of more than `array_limit` elements.
  std::optional<Reply> next();

  static constexpr std::size_t reply_limit = std::size_t{256} << 20;
  static constexpr std::size_t array_limit = std::size_t{1} << 20;

 private:
  struct Reader;
  std::unique_ptr<Reader> reader_;
  std::size_t pending_ = 0;  // bytes fed since the last whole reply
};

}  // namespace redis
