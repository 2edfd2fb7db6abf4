// Memory for everything that lives exactly as long as one record or one batch: allocation is a pointer bump,
// freeing is one reset. Nothing placed here may need its destructor.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace base {

class Arena {
 public:
  Arena() = default;
  ~Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  /// Takes the other's memory over and leaves it empty.
  Arena(Arena&& other) noexcept;
  Arena& operator=(Arena&& other) noexcept;

  /// Uninitialised bytes, aligned to `alignment` (a power of two of at most 16). Valid until reset().
  void* allocate(std::size_t bytes, std::size_t alignment = 16);

  /// A copy of `text` that lives in the arena.
  std::string_view copy(std::string_view text);

  /// A copy of `items` that lives in the arena.
  template <typename T>
  std::span<const T> copy(std::span<const T> items) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    if (items.empty()) return {};
    auto* to = static_cast<T*>(allocate(items.size_bytes(), alignof(T)));
    std::uninitialized_copy(items.begin(), items.end(), to);
    return {to, items.size()};
  }

  /// Forgets every allocation, and keeps up to 32 MiB of memory for the next use.
  void reset();

  /// Bytes obtained from the system and still held.
  std::size_t capacity() const { return capacity_; }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size;
  };
  void next_block(std::size_t at_least);
  void begin(const Block& block);

  std::vector<Block> blocks_;
  std::size_t used_ = 0;  // how many of them hold something
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace base
