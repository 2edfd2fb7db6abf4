// Disjoint sets over 0 .. n-1. The smallest member represents its set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace resolve {

class UnionFind {
 public:
  explicit UnionFind(std::size_t size = 0) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0U); }

  /// Makes room for members up to `size`, each a set of its own.
  void grow(std::size_t size) {
    const std::size_t old = parent_.size();
    if (size <= old) return;
    parent_.resize(size);
    std::iota(parent_.begin() + static_cast<std::ptrdiff_t>(old), parent_.end(),
              static_cast<std::uint32_t>(old));
  }

  std::size_t size() const { return parent_.size(); }

  /// The smallest member of the set of `member`. Halves the path, so that any sequence of n operations costs
  /// O(n log n) at most (Tarjan and van Leeuwen, Worst-Case Analysis of Set Union Algorithms, 1984).
  std::uint32_t find(std::uint32_t member) {
    while (parent_[member] != member) {
      parent_[member] = parent_[parent_[member]];
      member = parent_[member];
    }
    return member;
  }

  void unite(std::uint32_t a, std::uint32_t b) {
    a = find(a);
    b = find(b);
    if (a > b) std::swap(a, b);
    parent_[b] = a;
  }

  /// Takes `member` out. Only valid for a member that is alone or whose whole set is reset.
  void reset(std::uint32_t member) { parent_[member] = member; }

 private:
  std::vector<std::uint32_t> parent_;
};

}  // namespace resolve
