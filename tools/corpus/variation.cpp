#include "corpus/variation.hpp"

#include <algorithm>
#include <set>
#include <variant>

#include "base/ascii.hpp"
#include "base/format.hpp"
#include "corpus/identity.hpp"
#include "parse/parse.hpp"

namespace corpus {
namespace {

using base::is_alphanumeric;
using base::is_lower;

bool is_hex(char c) {
  return base::is_digit(c) || (c >= 'a' && c <= 'f');
}

// The end of the run from `at` on whose characters all are `wanted`.
template <typename Wanted>
std::size_t run_end(std::string_view text, std::size_t at, Wanted wanted) {
  while (at < text.size() && wanted(text[at])) ++at;
  return at;
}

// A word of prose stands between a blank and a blank or a comma or full stop. Keys and enumerations of JSON
// and YAML do not, and what follows a colon may be `false`.
bool is_prose(std::string_view text, std::size_t begin, std::size_t end) {
  const std::size_t length = end - begin;
  if (length < Vocabulary::shortest || length > Vocabulary::longest) return false;
  if (begin < 2 || text[begin - 1] != ' ' || text[begin - 2] == ':' || end == text.size()) return false;
  return text[end] == ' ' || text[end] == ',' || text[end] == '.';
}

std::string file_stem(std::string_view location) {
  location = location.substr(location.rfind('/') + 1);
  return std::string(location.substr(0, location.rfind('.')));
}

// The bucket's directories of a record: its ecosystems without their suffixes, GIT where it has commit
// ranges, [EMPTY] where it has neither.
std::vector<std::string> directories_of(const advisory::Advisory& advisory) {
  std::set<std::string> directories;
  for (const advisory::Affected& affected : advisory.affected) {
    if (!affected.ecosystem.empty())
      directories.emplace(affected.ecosystem.substr(0, affected.ecosystem.find(':')));
    const base::json::Value* ranges = affected.entry.find("ranges");
    if (ranges == nullptr) continue;
    for (const base::json::Value& range : ranges->items())
      if (const auto* type = range.find("type"); type != nullptr && type->text() == "GIT")
        directories.emplace("GIT");
  }
  if (directories.empty()) directories.emplace("[EMPTY]");
  return {directories.begin(), directories.end()};
}

// One pass over the text that copies it with replacements.
class Rewriter {
 public:
  Rewriter(const Original& original, std::uint64_t copy, std::uint64_t salt, const Vocabulary& words)
      : text_(original.bytes), copy_(copy), words_(words), random_(mix(original.own_id, copy, salt)) {
    for (const std::string_view id : original.ids) replaced_.emplace_back(id, copy_of_id(id, copy));
    if (!original.uuid.empty()) replaced_.emplace_back(original.uuid, copy_of_uuid(original.uuid, copy));
  }

  std::string run() {
    out_.reserve(text_.size() + text_.size() / 16);
    while (at_ < text_.size()) {
      const std::size_t token = run_end(text_, at_, [](char c) { return !is_alphanumeric(c); });
      out_ += text_.substr(at_, token - at_);
      at_ = token;
      if (at_ < text_.size() && !take_id()) take_run();
    }
    return std::move(out_);
  }

 private:
  bool take_id() {
    for (const auto& [id, replacement] : replaced_) {
      if (text_[at_] != id[0] || text_.compare(at_, id.size(), id) != 0) continue;
      const std::size_t end = at_ + id.size();
      if (end < text_.size() && is_alphanumeric(text_[end])) continue;
      out_ += replacement;
      at_ = end;
      return true;
    }
    return false;
  }

  void take_run() {
    const std::size_t end = run_end(text_, at_, is_alphanumeric);
    const std::string_view run = text_.substr(at_, end - at_);
    if (run.size() == 40 && copy_ > 0 && std::all_of(run.begin(), run.end(), is_hex))
      out_ += copy_of_hex(run, copy_);
    else
      out_ += word_for(run, end);
    at_ = end;
  }

  std::string_view word_for(std::string_view run, std::size_t end) {
    if (!is_prose(text_, at_, end) || !std::all_of(run.begin(), run.end(), is_lower)) return run;
    const std::uint64_t number = next();
    if (number % 2 == 0) return run;
    const std::string_view word = words_.word(run.size(), number >> 1U);
    return word.empty() ? run : word;
  }

  // SplitMix64 (https://prng.di.unimi.it/splitmix64.c, public domain).
  std::uint64_t next() {
    random_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = random_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
    return z ^ (z >> 31U);
  }

  std::string_view text_;
  std::uint64_t copy_;
  const Vocabulary& words_;
  std::uint64_t random_;
  std::vector<std::pair<std::string_view, std::string>> replaced_;
  std::size_t at_ = 0;
  std::string out_;
};

// Replaces the text of every JSON member of this name whose value is a string.
std::string with_member(std::string text, std::string_view name, std::string_view value) {
  const std::string key = base::format("\"{}\":", name);
  for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
    at += key.size();
    const std::size_t quote = run_end(text, at, [](char c) { return c == ' '; });
    if (quote == text.size() || text[quote] != '"') continue;
    const std::size_t end = text.find('"', quote + 1);
    if (end == std::string::npos) break;
    text.replace(quote + 1, end - quote - 1, value);
  }
  return text;
}

// Replaces the line of a YAML key at the top level, and the lines that go on with its value.
std::string with_line(std::string text, std::string_view key, std::string_view value) {
  const std::string start = base::format("\n{}: ", key);
  const std::size_t at = text.find(start);
  if (at == std::string::npos) return text;
  std::size_t end = text.find('\n', at + 1);
  while (end != std::string::npos && end + 1 < text.size() && text[end + 1] == ' ')
    end = text.find('\n', end + 1);
  return text.replace(at + start.size(), end == std::string::npos ? end : end - at - start.size(), value);
}

std::string rejected_cve(std::string_view id, std::string_view time) {
  return base::format(
      R"({{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{{"cveId":"{0}",)"
      R"("assignerOrgId":"8254265b-2729-46b6-b9e3-3dfca2d5bfca","state":"REJECTED",)"
      R"("assignerShortName":"mitre","dateReserved":"{1}","dateUpdated":"{1}","dateRejected":"{1}"}},)"
      R"("containers":{{"cna":{{"providerMetadata":{{"orgId":"8254265b-2729-46b6-b9e3-3dfca2d5bfca",)"
      R"("shortName":"mitre","dateUpdated":"{1}"}},"rejectedReasons":[{{"lang":"en",)"
      R"("value":"This candidate was withdrawn by its CNA."}}]}}}}}})",
      id, time);
}

}  // namespace

void Vocabulary::add(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t begin = run_end(bytes, at, [](char c) { return !is_lower(c); });
    at = run_end(bytes, begin, is_lower);
    if (!is_prose(bytes, begin, at)) continue;
    auto& words = words_[at - begin];
    if (words.size() < most_words) words.emplace_back(bytes.substr(begin, at - begin));
  }
}

std::string_view Vocabulary::word(std::size_t length, std::uint64_t number) const {
  const auto& words = words_[length];
  return words.empty() ? std::string_view() : std::string_view(words[number % words.size()]);
}

Original read_original(advisory::Source source, std::string_view location, std::string_view bytes,
                       base::Arena& arena) {
  Original original;
  original.source = source;
  original.bytes = bytes;
  original.location = location;
  original.own_id = arena.copy(file_stem(location));
  const parse::Parsed parsed = parse::parse(source, location, bytes, arena);
  std::set<std::string_view> ids = {original.own_id};
  if (const auto* advisory = std::get_if<advisory::Advisory>(&parsed)) {
    original.own_id = advisory->own_id;
    ids.insert(advisory->own_id);
    for (const auto* list : {&advisory->claims, &advisory->upstream, &advisory->related})
      ids.insert(list->begin(), list->end());
    if (source == advisory::Source::gitlab) original.uuid = advisory->record_id;
    if (source == advisory::Source::osv) original.directories = directories_of(*advisory);
    if (advisory->modified) original.modified = advisory::format_instant(*advisory->modified);
  }
  original.ids.assign(ids.begin(), ids.end());
  std::erase_if(original.ids, [](std::string_view id) { return id.empty(); });
  std::stable_sort(original.ids.begin(), original.ids.end(),
                   [](std::string_view a, std::string_view b) { return a.size() > b.size(); });
  return original;
}

std::string vary(const Original& original, std::uint64_t copy, std::uint64_t salt, const Vocabulary& words) {
  if (copy == 0 && salt == 0) return std::string(original.bytes);
  return Rewriter(original, copy, salt, words).run();
}

std::string with_modified(advisory::Source source, std::string bytes, std::string_view time) {
  switch (source) {
    case advisory::Source::osv:
      return with_member(std::move(bytes), "modified", time);
    case advisory::Source::cve:
      return with_member(std::move(bytes), "dateUpdated", time);
    case advisory::Source::gitlab:
      return with_line(std::move(bytes), "date", base::format("\"{}\"", time.substr(0, 10)));
  }
  return bytes;
}

std::string with_withdrawal(const Original& original, std::uint64_t copy, std::string bytes,
                            std::string_view time) {
  switch (original.source) {
    case advisory::Source::osv:
      bytes.insert(bytes.find('{') + 1, base::format("\"withdrawn\":\"{}\",", time));
      return bytes;
    case advisory::Source::cve:
      return rejected_cve(copy_of_id(original.own_id, copy), time);
    case advisory::Source::gitlab:
      return with_line(std::move(bytes), "affected_range", "\"<0\"");
  }
  return bytes;
}

}  // namespace corpus
