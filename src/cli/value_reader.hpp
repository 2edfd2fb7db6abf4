// Finds the value of a setting in the layers and reads it as what it should be.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/variables.hpp"

namespace cli {

class ValueReader {
 public:
  /// `layers` from the strongest to the weakest.
  explicit ValueReader(std::vector<Layer> layers) : layers_(std::move(layers)) {}

  /// The value of the strongest layer that has one; the content of the file for a secret's _FILE. Throws
  /// UsageError when the file cannot be read, and when one layer has both.
  std::optional<Value> find(std::string_view name) const;
  std::string text(std::string_view name, std::string_view otherwise = {}) const;
  /// Throws UsageError for anything but a number from `least` to `most`.
  std::optional<int> number(std::string_view name, int least, int most) const;
  /// A number with the unit s, m, h or d ("90m"), and 0 without one. Throws UsageError for anything else.
  std::optional<std::chrono::seconds> duration(std::string_view name) const;
  /// The items between commas, without blanks around them.
  std::vector<std::string> list(std::string_view name) const;
  /// The path in the variable of that name, with a leading ~/ resolved; empty when there is none.
  std::filesystem::path path(std::string_view name) const;

  /// The index of the strongest layer that has one of `names` (or its _FILE); nothing when none has.
  std::optional<std::size_t> strongest_layer(std::initializer_list<std::string_view> names) const;
  /// The same value as find, of one layer alone.
  std::optional<Value> find_in(std::size_t layer, std::string_view name) const;

 private:
  std::vector<Layer> layers_;
};

/// The home directory of this process's account.
std::filesystem::path home_directory();

/// UsageError: "`origin` is `value`, which is not `expected`"; the value of a secret is not shown.
[[noreturn]] void refuse_value(std::string_view name, const Value& value, std::string_view expected);

}  // namespace cli
