#include "fetch/modified_list.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "base/format.hpp"
#include "base/log.hpp"
#include "base/rfc3339.hpp"
#include "fetch/error.hpp"
#include "fetch/path.hpp"

namespace fetch {
namespace {

constexpr std::size_t longest_line = 1024;
// Ten times that of two million records.
constexpr std::uint64_t largest_list = std::uint64_t{1} << 30;
// Ecosystems are some fifty.
constexpr std::size_t most_directories = 10'000;
// A list with more than one bad line in this many is something else, or broken.
constexpr std::size_t bad_share = 10;
constexpr std::string_view records_without_ecosystem = "[EMPTY]";

using HalfMark = std::array<std::uint8_t, sizeof(std::uint64_t)>;

// Of a line that may be none. The last slash divides it, as it does a good one.
LineMark mark_of(std::string_view line) {
  const std::size_t id = line.rfind('/') + 1;
  const auto of_id = std::bit_cast<HalfMark>(base::fast64(line.substr(id)));
  const auto of_rest = std::bit_cast<HalfMark>(base::fast64(line.substr(0, id)));
  LineMark mark{};
  std::copy(of_rest.begin(), of_rest.end(), std::copy(of_id.begin(), of_id.end(), mark.begin()));
  return mark;
}

}  // namespace

bool is_same_record(const LineMark& a, const LineMark& b) {
  return std::equal(a.begin(), a.begin() + sizeof(HalfMark), b.begin());
}

std::string_view read_modified_line(std::string_view text, ModifiedLine& line) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return "has no comma";
  const auto time = base::parse_rfc3339(text.substr(0, comma));
  if (!time) return "begins with no time";
  const std::string_view path = text.substr(comma + 1);
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return "names no directory";
  if (slash + 1 == path.size()) return "names no record";
  if (const std::string_view reason = hostile_path(path); !reason.empty()) return reason;
  if (!is_printable(path)) return "is no clean text";
  line.modified = time->seconds * 1'000'000 + time->nanos / 1000;
  line.directory = path.substr(0, slash);
  line.id = path.substr(slash + 1);
  return {};
}

ModifiedList ModifiedList::read(const File& file, const ListReading& reading) {
  if (file.size() > largest_list)
    throw Error("not_a_list", base::format("cannot use {}: {} bytes are more than any list of records has",
                                           file.path().native(), file.size()));
  ModifiedListReader reader(file.path().native(), reading);
  reader.expect(file.size());
  std::string piece(std::size_t{1} << 20, '\0');
  for (std::uint64_t at = 0; at < file.size(); at += piece.size()) {
    piece.resize(std::min<std::uint64_t>(piece.size(), file.size() - at));
    file.read_at(at, piece.data(), piece.size());
    reader.feed(piece);
  }
  return reader.finish();
}

std::string_view ModifiedList::id(std::size_t index) const {
  return std::string_view(ids_).substr(entries_[index].text, entries_[index].length);
}

std::optional<std::size_t> ModifiedList::find(std::string_view id) const {
  const std::uint32_t entry = by_id_.find(id, [this](std::uint32_t e) { return this->id(e); });
  return entry == base::TextTable::none ? std::nullopt : std::optional<std::size_t>(entry);
}

bool ModifiedList::is_better(std::uint16_t directory, std::uint16_t than) const {
  const std::string& a = directories_[directory];
  const std::string& b = directories_[than];
  if ((a == records_without_ecosystem) != (b == records_without_ecosystem))
    return b == records_without_ecosystem;
  return a < b;
}

void ModifiedList::add(const ModifiedLine& line, std::uint16_t directory) {
  std::uint32_t& place = by_id_.place(line.id, [this](std::uint32_t e) { return this->id(e); });
  if (place == base::TextTable::none) {
    place = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({line.modified, never, static_cast<std::uint32_t>(ids_.size()),
                        static_cast<std::uint16_t>(line.id.size()), directory});
    ids_ += line.id;
    return;
  }
  Entry& entry = entries_[place];
  if (line.modified > entry.modified ||
      (line.modified == entry.modified && is_better(directory, entry.directory)))
    entry.directory = directory;
  entry.modified = std::max(entry.modified, line.modified);
}

void ModifiedList::hold(std::string_view id, std::int64_t modified) {
  ++held_;
  if (const auto index = find(id))
    entries_[*index].held = modified;
  else
    ++vanished_;
}

bool ModifiedList::hold_others(std::size_t held, std::size_t listed) {
  // Only some of those that are here are listed and not held.
  const std::size_t missing = entries_.size() - (held_ - vanished_);
  if (listed < entries_.size() || held < listed - missing) return false;
  vanished_ = held - (listed - missing);
  held_ = held;
  listed_ = listed;
  return true;
}

std::vector<std::size_t> ModifiedList::changed() const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (entries_[i].modified > entries_[i].held) result.push_back(i);
  return result;
}

void ModifiedListReader::expect(std::uint64_t bytes) {
  // Of a line; it is only a guess, and so is what room it gives.
  constexpr std::uint64_t usual = 64;
  if (reading_.marks != nullptr) reading_.marks->reserve(static_cast<std::size_t>(bytes / usual));
  if (reading_.only != nullptr) return;
  list_.entries_.reserve(static_cast<std::size_t>(bytes / usual));
  list_.ids_.reserve(static_cast<std::size_t>(bytes / 3));
}

void ModifiedListReader::feed(std::string_view piece) {
  while (!piece.empty()) {
    const std::size_t end = piece.find('\n');
    const std::string_view part = piece.substr(0, end);
    if (rest_.size() + part.size() > longest_line) overlong_ = true;
    if (end == std::string_view::npos) {
      if (!overlong_) rest_ += part;
      return;
    }
    if (overlong_) {
      ++lines_;
      skip("is too long");
    } else if (rest_.empty()) {
      take(part);
    } else {
      take(rest_ += part);
    }
    rest_.clear();
    overlong_ = false;
    ++number_;
    piece.remove_prefix(end + 1);
  }
}

void ModifiedListReader::take(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return;
  ++lines_;
  const bool is_marked = reading_.only != nullptr || reading_.marks != nullptr;
  const LineMark mark = is_marked ? mark_of(line) : LineMark{};
  if (reading_.only == nullptr || reading_.only->contains(mark))
    if (const std::string_view reason = read(line); !reason.empty()) return skip(reason);
  if (reading_.marks != nullptr) reading_.marks->push_back(mark);
}

// Returns why it is of no use, or "".
std::string_view ModifiedListReader::read(std::string_view text) {
  ModifiedLine line;
  if (const std::string_view reason = read_modified_line(text, line); !reason.empty()) return reason;
  const auto directory = number_of(line.directory);
  if (!directory) return "names one directory too many";
  if (list_.ids_.size() + line.id.size() > UINT32_MAX || list_.entries_.size() >= base::TextTable::none / 4)
    return "is one too many";
  list_.add(line, *directory);
  return {};
}

void ModifiedListReader::skip(std::string_view reason) {
  if (skipped_++ == 0) first_skipped_ = base::format("line {} {}", number_, reason);
}

std::optional<std::uint16_t> ModifiedListReader::number_of(std::string_view directory) {
  auto& known = list_.directories_;
  const auto name_of = [&known](std::uint32_t number) { return std::string_view(known[number]); };
  std::uint32_t number = by_name_.find(directory, name_of);
  if (number == base::TextTable::none) {
    if (known.size() == most_directories) return std::nullopt;
    number = static_cast<std::uint32_t>(known.size());
    by_name_.place(directory, name_of) = number;
    known.emplace_back(directory);
  }
  return static_cast<std::uint16_t>(number);
}

ModifiedList ModifiedListReader::finish() {
  if (overlong_ || !rest_.empty()) feed("\n");
  if (skipped_ * bad_share > lines_)
    throw Error(
        "not_a_list",
        base::format("cannot use {}: {} of its {} lines are no lines of a list of records, the first: {}",
                     name_, skipped_, lines_, first_skipped_));
  if (skipped_ == lines_)
    throw Error("empty", base::format("cannot use {}: it lists no record; fetch it again", name_));
  if (skipped_ > 0)
    base::log::warn("lines of a list of records were skipped",
                    {{"file", name_}, {"lines", std::to_string(skipped_)}, {"first", first_skipped_}});
  return std::move(list_);
}

}  // namespace fetch
