#include "fetch/mirror_index.hpp"

#include <fcntl.h>

#include <algorithm>
#include <charconv>

#include "base/arena.hpp"
#include "base/file_writer.hpp"
#include "base/files.hpp"
#include "base/format.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/rfc3339.hpp"
#include "fetch/cve_record.hpp"
#include "fetch/error.hpp"
#include "fetch/path.hpp"

namespace fetch {
namespace {

namespace fs = std::filesystem;
using base::json::Value;

std::string text_of(const Value& object, std::string_view name) {
  const Value* const value = object.find(name);
  return value == nullptr ? std::string() : std::string(value->text());
}

[[noreturn]] void refuse(std::string_view origin, const std::string& reason) {
  throw Error("corrupt", base::format("cannot use the list of files {}: {}", origin, reason));
}

MirrorFile read_file_entry(const Value& entry, std::string_view origin) {
  MirrorFile file{text_of(entry, "path"), 0, text_of(entry, "sha256")};
  const std::string digits = text_of(entry, "size");
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), file.size);
  constexpr std::size_t hex_digits = 64;
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() ||
      file.sha256.size() != hex_digits)
    refuse(origin, base::format("the entry of \"{}\" has no size or SHA-256", printable(file.path)));
  if (const std::string_view reason = hostile_path(file.path); !reason.empty())
    refuse(origin, base::format("the path \"{}\" {}", printable(file.path), reason));
  return file;
}

std::int64_t seconds_of(const std::string& time) {
  const auto read = base::parse_rfc3339(time);
  return read ? read->seconds : 0;
}

Value time_value(std::int64_t seconds, base::Arena& arena) {
  return seconds == 0 ? Value() : Value::string(arena.copy(time_text(seconds)));
}

// Files that git and we write before they get their names.
bool is_unfinished(const std::string& name) {
  return name.ends_with(".lock") || name.starts_with("tmp_") || name.ends_with(".part") ||
         name.ends_with(".tmp");
}

}  // namespace

MirrorIndex read_mirror_index(std::string_view json, std::string_view origin) {
  base::Arena arena;
  const base::json::Parsed parsed = base::json::parse(json, arena);
  const Value* const files = parsed.error ? nullptr : parsed.value.find("files");
  if (files == nullptr || !files->is_array())
    refuse(origin, base::format("it is no JSON object with files; it begins with \"{}\"",
                                printable(json.substr(0, 40))));
  MirrorIndex index;
  for (const Value& entry : files->items()) index.files.push_back(read_file_entry(entry, origin));
  const Value* const sources = parsed.value.find("sources");
  if (sources == nullptr) return index;
  for (const auto& [name, state] : sources->members())
    index.sources[std::string(name)] = {text_of(state, "fingerprint"), text_of(state, "watermark"),
                                        seconds_of(text_of(state, "fetched_at")),
                                        seconds_of(text_of(state, "whole_at"))};
  return index;
}

std::string to_text(const MirrorIndex& index) {
  base::Arena arena;
  std::vector<Value> files;
  for (const MirrorFile& file : index.files)
    files.push_back(base::json::ObjectBuilder(arena)
                        .add("path", file.path)
                        .add("sha256", file.sha256)
                        .add("size", Value::number(arena.copy(std::to_string(file.size))))
                        .finish());
  base::json::ObjectBuilder sources(arena);
  for (const auto& [name, state] : index.sources) {
    base::json::ObjectBuilder object(arena);
    object.add("fingerprint", state.fingerprint);
    object.add_unless_empty("watermark", Value::string(state.watermark));
    object.add_unless_empty("fetched_at", time_value(state.fetched_at, arena));
    object.add_unless_empty("whole_at", time_value(state.whole_at, arena));
    sources.add(name, object.finish());
  }
  base::json::ObjectBuilder object(arena);
  object.add("files", base::json::make_array(arena, std::span<const Value>(files)));
  object.add("sources", sources.finish());
  return base::json::write(object.finish()) + "\n";
}

std::vector<MirrorFile> list_mirror_files(const fs::path& mirror) {
  std::vector<MirrorFile> files;
  for (auto entry = fs::recursive_directory_iterator(mirror); entry != fs::recursive_directory_iterator();
       ++entry) {
    const std::string name = entry->path().filename();
    if (entry.depth() == 0 && name == mirror_work_name) entry.disable_recursion_pending();
    if (!entry->is_regular_file() || is_unfinished(name)) continue;
    std::string path = entry->path().lexically_relative(mirror).generic_string();
    if (path == mirror_index_name) continue;
    files.push_back({std::move(path), entry->file_size(), sha256_of_file(entry->path())});
  }
  std::sort(files.begin(), files.end(),
            [](const MirrorFile& a, const MirrorFile& b) { return a.path < b.path; });
  return files;
}

std::string sha256_of_file(const fs::path& path) {
  base::Sha256Stream hash;
  base::read_pieces(base::open_file(path, O_RDONLY), path.native(),
                    [&](std::string_view piece) { hash.update(piece); });
  return base::to_hex(hash.finish());
}

}  // namespace fetch
