// From the text of a jsonb to canonical text without a tree between them: members are copied as they come,
// and those of an object change places behind its last one. Looking up single records spends most of the
// service's own time here.
#include <algorithm>
#include <memory>

#include "base/ascii.hpp"
#include "base/json.hpp"
#include "base/json_scan.hpp"

namespace base::json {

namespace {

class KeySorter {
 public:
  std::optional<std::string> run(std::string_view text) {
    at_ = text.data();
    end_ = at_ + text.size();
    // Nothing gets longer, and copy_plain writes up to a word beyond what it counts.
    make_room(text.size() + sizeof(std::uint64_t));
    members_.clear();
    if (!value(0) || at_ != end_) return std::nullopt;
    return std::string(out_.get(), position());
  }

 private:
  // Deeper ones than documents can be (advisory/vulnerability.hpp).
  static constexpr int most_depth = 512;

  struct Place {
    std::size_t begin;  // in out_
    std::size_t size;
    std::string_view key;  // there
  };

  // Kept for the next text, unless this one is of a size that hardly any other has.
  void make_room(std::size_t size) {
    constexpr std::size_t usual = std::size_t{256} << 10;
    if (size > room_ || (room_ > usual && size <= usual)) {
      room_ = std::max(size, usual);
      out_.reset(new char[room_]);
    }
    to_ = out_.get();
  }

  std::size_t position() const { return static_cast<std::size_t>(to_ - out_.get()); }

  bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    *to_++ = *at_++;
    return true;
  }

  bool skip_blank() {
    if (at_ == end_ || *at_ != ' ') return false;
    ++at_;
    return true;
  }

  bool value(int depth) {
    if (at_ == end_ || depth == most_depth) return false;
    switch (*at_) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string();
      default:
        return word();
    }
  }

  bool string() {
    if (!take('"')) return false;
    for (;;) {
      at_ = copy_plain(at_, end_, to_);
      if (take('"')) return true;
      if (!take('\\') || at_ == end_) return false;
      *to_++ = *at_++;
    }
  }

  // A number, true, false or null.
  bool word() {
    const char* const begin = at_;
    while (at_ != end_ && (is_digit(*at_) || is_lower(*at_) || *at_ == '-' || *at_ == '.')) *to_++ = *at_++;
    return at_ != begin;
  }

  bool array(int depth) {
    take('[');
    if (take(']')) return true;
    do {
      if (!value(depth + 1)) return false;
      if (take(']')) return true;
    } while (take(',') && skip_blank());
    return false;
  }

  bool object(int depth) {
    take('{');
    if (take('}')) return true;
    const std::size_t first = members_.size();
    do {
      const std::size_t begin = position();
      if (!string()) return false;
      const std::string_view key(out_.get() + begin + 1, position() - begin - 2);
      // Its order is that of what it stands for, not that of its text.
      if (key.find('\\') != std::string_view::npos) return false;
      if (!take(':') || !skip_blank() || !value(depth + 1)) return false;
      members_.push_back({begin, position() - begin, key});
      if (at_ != end_ && *at_ == '}') {
        sort_members(first);
        return take('}');
      }
    } while (take(',') && skip_blank());
    return false;
  }

  // Those from `first` on, which end where the output ends.
  void sort_members(std::size_t first) {
    const auto begin = members_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto by_key = [](const Place& a, const Place& b) { return a.key < b.key; };
    if (!std::is_sorted(begin, members_.end(), by_key)) {
      const std::size_t start = begin->begin;
      std::sort(begin, members_.end(), by_key);
      moved_.assign(out_.get() + start, to_);
      to_ = out_.get() + start;
      for (auto member = begin; member != members_.end(); ++member) {
        if (member != begin) *to_++ = ',';
        to_ = std::copy_n(moved_.data() + (member->begin - start), member->size, to_);
      }
    }
    members_.erase(begin, members_.end());
  }

  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::unique_ptr<char[]> out_;
  std::size_t room_ = 0;
  char* to_ = nullptr;
  std::vector<Place> members_;  // of the objects that are open
  std::string moved_;
};

}  // namespace

std::optional<std::string> canonical_jsonb(std::string_view text) {
  thread_local KeySorter of_this_thread;
  return of_this_thread.run(text);
}

}  // namespace base::json
