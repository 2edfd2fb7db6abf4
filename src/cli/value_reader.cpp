#include "cli/value_reader.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/ascii.hpp"
#include "base/files.hpp"
#include "base/format.hpp"
#include "base/process.hpp"
#include "cli/error.hpp"

namespace cli {

namespace fs = std::filesystem;

fs::path home_directory() {
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') return home;
  const auto account = base::find_account(::geteuid());
  if (!account) throw UsageError("no home directory is known: set HOME, or give --data-dir");
  return account->home;
}

void refuse_value(std::string_view name, const Value& value, std::string_view expected) {
  const Variable* const variable = find_variable(name);
  if (variable != nullptr && variable->secret)
    throw UsageError(base::format("{} is not {}", value.origin, expected));
  throw UsageError(base::format("{} is \"{}\", which is not {}", value.origin, value.text, expected));
}

std::optional<Value> ValueReader::find_in(std::size_t layer, std::string_view name) const {
  const Layer& values = layers_[layer];
  const auto direct = values.find(name);
  const Variable* const variable = find_variable(name);
  const auto in_file =
      variable != nullptr && variable->secret ? values.find(std::string(name) + "_FILE") : values.end();
  if (in_file == values.end()) return direct == values.end() ? std::nullopt : std::optional(direct->second);
  if (direct != values.end())
    throw UsageError(
        base::format("both {} and {} are set: remove one", direct->second.origin, in_file->second.origin));
  try {
    std::string content = base::read_file(in_file->second.text, std::uint64_t{1} << 20);
    content.erase(content.find_last_not_of("\r\n") + 1);
    return Value{std::move(content), in_file->second.origin};
  } catch (const base::FileError& error) {
    throw UsageError(base::format("{}: {}", in_file->second.origin, error.what()));
  }
}

std::optional<std::size_t> ValueReader::strongest_layer(std::initializer_list<std::string_view> names) const {
  for (std::size_t layer = 0; layer < layers_.size(); ++layer)
    for (const std::string_view name : names)
      if (layers_[layer].contains(name) || layers_[layer].contains(std::string(name) + "_FILE")) return layer;
  return std::nullopt;
}

std::optional<Value> ValueReader::find(std::string_view name) const {
  const auto layer = strongest_layer({name});
  return layer ? find_in(*layer, name) : std::nullopt;
}

std::string ValueReader::text(std::string_view name, std::string_view otherwise) const {
  const auto value = find(name);
  return value ? value->text : std::string(otherwise);
}

std::optional<int> ValueReader::number(std::string_view name, int least, int most) const {
  const auto value = find(name);
  if (!value) return std::nullopt;
  int number = 0;
  const char* const end = value->text.data() + value->text.size();
  const auto result = std::from_chars(value->text.data(), end, number);
  if (result.ec != std::errc() || result.ptr != end || number < least || number > most)
    refuse_value(name, *value, base::format("a number from {} to {}", least, most));
  return number;
}

std::optional<std::chrono::seconds> ValueReader::duration(std::string_view name) const {
  const auto value = find(name);
  if (!value) return std::nullopt;
  constexpr int most = 1'000'000;
  int number = -1;
  const char* const end = value->text.data() + value->text.size();
  const auto result = std::from_chars(value->text.data(), end, number);
  const std::string_view unit(result.ptr, static_cast<std::size_t>(end - result.ptr));
  if (result.ec == std::errc() && number >= 0 && number <= most) {
    if (unit == "s" || value->text == "0") return std::chrono::seconds(number);
    if (unit == "m") return std::chrono::minutes(number);
    if (unit == "h") return std::chrono::hours(number);
    if (unit == "d") return std::chrono::hours(number) * 24;
  }
  refuse_value(name, *value, "a duration like 90s, 15m, 24h or 7d");
}

std::vector<std::string> ValueReader::list(std::string_view name) const {
  std::vector<std::string> items;
  const std::string all = text(name);
  for (std::size_t begin = 0; begin <= all.size();) {
    const std::size_t end = std::min(all.find(',', begin), all.size());
    const std::string_view item = base::trimmed(std::string_view(all).substr(begin, end - begin), " \t\n");
    begin = end + 1;
    if (!item.empty()) items.emplace_back(item);
  }
  return items;
}

fs::path ValueReader::path(std::string_view name) const {
  const std::string value = text(name);
  if (value.starts_with("~/")) return home_directory() / value.substr(2);
  return value;
}

}  // namespace cli
