#include "base/arena.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace base {

namespace {
// Large enough that a typical record (5 KB of JSON) needs one block, small enough to keep one per thread.
constexpr std::size_t first_block = std::size_t{64} * 1024;
constexpr std::size_t largest_step = std::size_t{4} * 1024 * 1024;
// What a batch of 2,000 records needs. A reset keeps no more, so that one enormous record does not hold its
// memory for ever; it keeps no less, because the system hands out pages far slower than they are filled.
constexpr std::size_t kept_after_reset = std::size_t{32} * 1024 * 1024;
}  // namespace

Arena::Arena(Arena&& other) noexcept {
  *this = std::move(other);
}

Arena& Arena::operator=(Arena&& other) noexcept {
  if (this == &other) return *this;
  blocks_ = std::exchange(other.blocks_, {});
  used_ = std::exchange(other.used_, 0);
  next_ = std::exchange(other.next_, nullptr);
  left_ = std::exchange(other.left_, 0);
  capacity_ = std::exchange(other.capacity_, 0);
  return *this;
}

void* Arena::allocate(std::size_t bytes, std::size_t alignment) {
  const std::size_t misaligned = reinterpret_cast<std::uintptr_t>(next_) & (alignment - 1);
  const std::size_t padding = misaligned == 0 ? 0 : alignment - misaligned;
  if (left_ < padding || left_ - padding < bytes) {
    next_block(bytes);
    return allocate(bytes, alignment);
  }
  std::byte* result = next_ + padding;
  next_ = result + bytes;
  left_ -= padding + bytes;
  return result;
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {};
  auto* to = static_cast<char*>(allocate(text.size(), 1));
  std::memcpy(to, text.data(), text.size());
  return {to, text.size()};
}

void Arena::begin(const Block& block) {
  next_ = block.bytes.get();
  left_ = block.size;
}

void Arena::next_block(std::size_t at_least) {
  while (used_ < blocks_.size()) {
    const Block& kept = blocks_[used_++];
    if (kept.size >= at_least + 16) return begin(kept);
  }
  const std::size_t step = blocks_.empty() ? first_block : std::min(capacity_, largest_step);
  const std::size_t size = std::max(step, at_least + 16);
  blocks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size]), size});
  capacity_ += size;
  used_ = blocks_.size();
  begin(blocks_.back());
}

void Arena::reset() {
  while (capacity_ > kept_after_reset) {
    capacity_ -= blocks_.back().size;
    blocks_.pop_back();
  }
  used_ = 0;
  next_ = nullptr;
  left_ = 0;
}

}  // namespace base
