#include "base/json.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"

namespace base::json {

namespace {

std::uint32_t checked_size(std::size_t size) {
  if (size > std::numeric_limits<std::uint32_t>::max()) throw Error("a JSON value is larger than 4 GiB");
  return static_cast<std::uint32_t>(size);
}

}  // namespace

Value Value::boolean(bool value) {
  Value result;
  result.kind_ = Kind::boolean;
  result.flag_ = value;
  return result;
}

Value Value::number(std::string_view text) {
  Value result = string(text);
  result.kind_ = Kind::number;
  return result;
}

Value Value::string(std::string_view text) {
  Value result;
  result.kind_ = Kind::string;
  result.size_ = checked_size(text.size());
  result.data_ = text.data();
  return result;
}

Value Value::array(std::span<const Value> items) {
  Value result;
  result.kind_ = Kind::array;
  result.size_ = checked_size(items.size());
  result.data_ = items.data();
  return result;
}

Value Value::object(std::span<const Member> members) {
  Value result;
  result.kind_ = Kind::object;
  result.size_ = checked_size(members.size());
  result.data_ = members.data();
  return result;
}

const Value* Value::find(std::string_view key) const {
  const auto all = members();
  if (all.size() <= 8) {
    // The last byte tells most keys apart, for less than the call that compares all bytes costs.
    for (const Member& member : all)
      if (member.key.size() == key.size() && (key.empty() || member.key.back() == key.back()) &&
          member.key == key)
        return &member.value;
    return nullptr;
  }
  const auto at = std::lower_bound(all.begin(), all.end(), key,
                                   [](const Member& member, std::string_view k) { return member.key < k; });
  return at != all.end() && at->key == key ? &at->value : nullptr;
}

bool operator==(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return a.as_bool() == b.as_bool();
    case Kind::number:
    case Kind::string:
      return a.text() == b.text();
    case Kind::array:
      return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end());
    case Kind::object:
      return std::equal(
          a.members().begin(), a.members().end(), b.members().begin(), b.members().end(),
          [](const Member& x, const Member& y) { return x.key == y.key && x.value == y.value; });
  }
  return false;
}

ObjectBuilder& ObjectBuilder::add(std::string_view key, Value value) {
  members_.push_back({key, value});
  return *this;
}

ObjectBuilder& ObjectBuilder::add_unless_empty(std::string_view key, Value value) {
  return value.is_empty() ? *this : add(key, value);
}

Value ObjectBuilder::finish() {
  // Most objects are built in order from others.
  const auto not_ascending = [](const Member& a, const Member& b) { return a.key >= b.key; };
  if (std::adjacent_find(members_.begin(), members_.end(), not_ascending) != members_.end()) {
    std::stable_sort(members_.begin(), members_.end(),
                     [](const Member& a, const Member& b) { return a.key < b.key; });
    // Of equal keys the last one added stands last, and stays.
    std::size_t kept = 0;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (i + 1 < members_.size() && members_[i + 1].key == members_[i].key) continue;
      members_[kept++] = members_[i];
    }
    members_.resize(kept);
  }
  const Value result = Value::object(arena_.copy(std::span<const Member>(members_)));
  members_.clear();
  return result;
}

Value make_array(Arena& arena, std::span<const Value> items) {
  return Value::array(arena.copy(items));
}

Value make_array(Arena& arena, std::span<const std::string_view> texts) {
  auto* to = static_cast<Value*>(arena.allocate(texts.size() * sizeof(Value), alignof(Value)));
  std::transform(texts.begin(), texts.end(), to, [](std::string_view text) { return Value::string(text); });
  return Value::array({to, texts.size()});
}

}  // namespace base::json
