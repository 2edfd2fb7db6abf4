#include "base/arena.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace base {

namespace {
// Large enough that a typical record (5 KB of JSON) needs one block, small enough to keep one per thread.
constexpr std::size_t first_block = std::size_t{64} * 1024;
constexpr std::size_t largest_step = std::size_t{4} * 1024 * 1024;
// A reset keeps no more than this, so that one enormous record does not hold its memory for ever.
constexpr std::size_t kept_after_reset = std::size_t{8} * 1024 * 1024;
}  // namespace

void* Arena::allocate(std::size_t bytes, std::size_t alignment) {
  const std::size_t misaligned = reinterpret_cast<std::uintptr_t>(next_) & (alignment - 1);
  const std::size_t padding = misaligned == 0 ? 0 : alignment - misaligned;
  if (left_ < padding || left_ - padding < bytes) {
    add_block(bytes);
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

void Arena::add_block(std::size_t at_least) {
  const std::size_t step = blocks_.empty() ? first_block : std::min(capacity_, largest_step);
  const std::size_t size = std::max(step, at_least + 16);
  blocks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size]), size});
  capacity_ += size;
  next_ = blocks_.back().bytes.get();
  left_ = size;
}

void Arena::reset() {
  const auto largest = std::max_element(blocks_.begin(), blocks_.end(),
                                        [](const Block& a, const Block& b) { return a.size < b.size; });
  if (largest == blocks_.end()) return;
  if (largest->size > kept_after_reset) {
    blocks_.clear();
    next_ = nullptr;
    left_ = capacity_ = 0;
    return;
  }
  std::iter_swap(blocks_.begin(), largest);
  blocks_.erase(blocks_.begin() + 1, blocks_.end());
  capacity_ = blocks_.front().size;
  next_ = blocks_.front().bytes.get();
  left_ = capacity_;
}

}  // namespace base
