// A file descriptor that closes itself, and the two loops every user of descriptors needs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace base {

/// Owns one file descriptor. Move-only; closed on destruction.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int number) : number_(number) {}
  Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) {
      close();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { close(); }

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  void close() noexcept;
  /// Gives the descriptor up without closing it.
  int release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

/// Writes all of `bytes`, over interruptions and partial writes (blocking descriptors). `what` names the
/// target in the FileError that is thrown on failure.
void write_all(const Fd& fd, std::string_view bytes, const std::string& what);

/// Reads up to `size` bytes into `buffer`; returns how many, 0 at the end. Throws FileError.
std::size_t read_some(const Fd& fd, char* buffer, std::size_t size, const std::string& what);

}  // namespace base
