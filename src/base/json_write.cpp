// Canonical text. Most of the time of a first load's merging is spent here, so text is gathered by a pointer
// into a buffer that is there already, and a string is searched for bytes to escape while it is copied.
#include <algorithm>
#include <memory>

#include "base/json.hpp"
#include "base/json_scan.hpp"

namespace base::json {

namespace {

// Bytes written one after another; grows, and keeps its memory for the next text of the same thread.
class Sink {
 public:
  std::string_view text() const { return {buffer_.get(), static_cast<std::size_t>(at_ - buffer_.get())}; }

  void put(char c) {
    reserve(1);
    *at_++ = c;
  }

  void put(std::string_view text) {
    reserve(text.size());
    at_ = std::copy(text.begin(), text.end(), at_);
  }

  void put_string(std::string_view text) {
    // The quotes, and the word that copy_plain may write beyond what it counts.
    reserve(text.size() + 2 + sizeof(std::uint64_t));
    *at_++ = '"';
    const char* from = text.data();
    const char* const end = from + text.size();
    for (;;) {
      from = copy_plain(from, end, at_);
      if (from == end) break;
      put_escape(*from++);
      reserve(static_cast<std::size_t>(end - from) + 2 + sizeof(std::uint64_t));
    }
    *at_++ = '"';
  }

  void put_value(const Value& value);

  // Begins the next text. What one huge record needed is not kept for ever.
  void clear() {
    constexpr std::size_t kept = std::size_t{4} << 20;
    if (static_cast<std::size_t>(end_ - buffer_.get()) > kept) {
      buffer_.reset();
      end_ = nullptr;
    }
    at_ = buffer_.get();
  }

 private:
  void reserve(std::size_t more) {
    if (static_cast<std::size_t>(end_ - at_) < more) grow(more);
  }

  void grow(std::size_t more) {
    constexpr std::size_t smallest = std::size_t{64} << 10;
    const std::size_t used = text().size();
    const std::size_t size = std::max({smallest, used + more, used * 2});
    std::unique_ptr<char[]> larger(new char[size]);
    std::copy_n(buffer_.get(), used, larger.get());
    buffer_ = std::move(larger);
    at_ = buffer_.get() + used;
    end_ = buffer_.get() + size;
  }

  void put_escape(char c) {
    static constexpr std::string_view plain = "\"\\\b\f\n\r\t";
    static constexpr std::string_view letters = "\"\\bfnrt";
    static constexpr char digits[] = "0123456789abcdef";
    put('\\');
    if (const auto which = plain.find(c); which != std::string_view::npos) {
      put(letters[which]);
      return;
    }
    put("u00");
    put(digits[static_cast<unsigned char>(c) >> 4]);
    put(digits[static_cast<unsigned char>(c) & 15]);
  }

  template <typename Range, typename PutOne>
  void put_list(char open, char close, const Range& range, PutOne put_one) {
    put(open);
    bool first = true;
    for (const auto& each : range) {
      if (!first) put(',');
      first = false;
      put_one(each);
    }
    put(close);
  }

  std::unique_ptr<char[]> buffer_;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

void Sink::put_value(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return put("null");
    case Kind::boolean:
      return put(value.as_bool() ? "true" : "false");
    case Kind::number:
      return put(value.text());
    case Kind::string:
      return put_string(value.text());
    case Kind::array:
      return put_list('[', ']', value.items(), [this](const Value& item) { put_value(item); });
    case Kind::object:
      return put_list('{', '}', value.members(), [this](const Member& member) {
        put_string(member.key);
        put(':');
        put_value(member.value);
      });
  }
}

Sink& sink() {
  thread_local Sink of_this_thread;
  of_this_thread.clear();
  return of_this_thread;
}

void write_indented(const Value& value, std::size_t depth, std::string& out);

void new_line(std::size_t depth, std::string& out) {
  out += '\n';
  out.append(depth * 2, ' ');
}

template <typename Range, typename WriteOne>
void write_lines(char open, char close, const Range& range, std::size_t depth, std::string& out,
                 WriteOne one) {
  out += open;
  bool first = true;
  for (const auto& element : range) {
    if (!first) out += ',';
    first = false;
    new_line(depth + 1, out);
    one(element);
  }
  if (!first) new_line(depth, out);
  out += close;
}

void write_indented(const Value& value, std::size_t depth, std::string& out) {
  if (value.is_array()) {
    write_lines('[', ']', value.items(), depth, out,
                [&](const Value& item) { write_indented(item, depth + 1, out); });
  } else if (value.is_object()) {
    write_lines('{', '}', value.members(), depth, out, [&](const Member& member) {
      write_string(member.key, out);
      out += ": ";
      write_indented(member.value, depth + 1, out);
    });
  } else {
    write(value, out);
  }
}

}  // namespace

void write_string(std::string_view text, std::string& out) {
  Sink& to = sink();
  to.put_string(text);
  out += to.text();
}

void write(const Value& value, std::string& out) {
  Sink& to = sink();
  to.put_value(value);
  out += to.text();
}

std::string write(const Value& value) {
  std::string out;
  write(value, out);
  return out;
}

void write_pretty(const Value& value, std::string& out) {
  write_indented(value, 0, out);
}

}  // namespace base::json
