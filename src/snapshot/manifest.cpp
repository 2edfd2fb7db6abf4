#include "snapshot/manifest.hpp"

#include <charconv>

#include "base/format.hpp"
#include "base/json.hpp"

namespace snapshot {

namespace {

using base::Arena;
using base::json::ObjectBuilder;
using base::json::Value;

Value text(const std::string& value, Arena& arena) {
  return Value::string(arena.copy(value));
}

template <typename Integer>
Value number(Integer value, Arena& arena) {
  return Value::number(arena.copy(std::to_string(value)));
}

Value counts_json(const std::map<std::string, std::uint64_t>& counts, Arena& arena) {
  ObjectBuilder object(arena);
  for (const auto& [name, count] : counts) object.add(arena.copy(name), number(count, arena));
  return object.finish();
}

Value source_json(const SourceOrigin& source, Arena& arena) {
  ObjectBuilder object(arena);
  object.add("attribution", text(source.attribution, arena));
  object.add("fingerprint", source.fingerprint.empty() ? Value() : text(source.fingerprint, arena));
  object.add("last_success", source.last_success.empty() ? Value() : text(source.last_success, arena));
  object.add("licenses", counts_json(source.licenses, arena));
  object.add("records", number(source.records, arena));
  return object.finish();
}

Value files_json(const std::vector<File>& files, Arena& arena) {
  std::vector<Value> items;
  for (const File& file : files)
    items.push_back(ObjectBuilder(arena)
                        .add("path", text(file.path, arena))
                        .add("sha256", text(file.sha256, arena))
                        .add("size", number(file.size, arena))
                        .finish());
  return base::json::make_array(arena, std::span<const Value>(items));
}

Value optional_text(const std::optional<std::string>& value, Arena& arena) {
  return value ? text(*value, arena) : Value();
}

/// Reads members of one JSON object, and says which is missing.
class Members {
 public:
  Members(const Value& object, const std::string& what) : object_(object), what_(what) {
    if (!object.is_object()) fail("it is no JSON object");
  }

  const Value& get(std::string_view name) const {
    const Value* const value = object_.find(name);
    if (value == nullptr) fail(base::format("'{}' is missing", name));
    return *value;
  }
  std::string text(std::string_view name) const {
    const Value& value = get(name);
    if (!value.is_string()) fail(base::format("'{}' is no text", name));
    return std::string(value.text());
  }
  std::optional<std::string> optional_text(std::string_view name) const {
    if (get(name).is_null()) return std::nullopt;
    return text(name);
  }
  template <typename Integer>
  Integer number(std::string_view name) const {
    const std::string_view digits = get(name).text();
    Integer value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (result.ec != std::errc() || result.ptr != digits.data() + digits.size())
      fail(base::format("'{}' is no whole number", name));
    return value;
  }
  std::map<std::string, std::uint64_t> counts(std::string_view name) const {
    const Members members(get(name), what_);
    std::map<std::string, std::uint64_t> result;
    for (const auto& member : members.object_.members())
      result.emplace(member.key, members.number<std::uint64_t>(member.key));
    return result;
  }
  [[noreturn]] void fail(const std::string& why) const {
    throw ManifestError(base::format("{} is damaged, or was not written by vuln-datasync: {}", what_, why));
  }

 private:
  const Value& object_;
  const std::string& what_;
};

void read_lists(const Members& members, const std::string& what, Manifest& manifest) {
  for (const Value& item : members.get("formats").items()) {
    const auto format = format_from(item.text());
    if (!format) members.fail("'formats' names one that this program does not know");
    manifest.formats.push_back(*format);
  }
  for (const Value& item : members.get("files").items()) {
    const Members file(item, what);
    manifest.files.push_back({file.text("path"), file.number<std::uint64_t>("size"), file.text("sha256")});
  }
  for (const auto& member : members.get("sources").members()) {
    const Members source(member.value, what);
    SourceOrigin origin;
    origin.attribution = source.text("attribution");
    origin.fingerprint = source.optional_text("fingerprint").value_or("");
    origin.last_success = source.optional_text("last_success").value_or("");
    origin.licenses = source.counts("licenses");
    origin.records = source.number<std::uint64_t>("records");
    manifest.sources.emplace(member.key, std::move(origin));
  }
}

}  // namespace

std::string_view to_string(Format format) {
  switch (format) {
    case Format::postgres:
      return "postgres";
    case Format::osv:
      return "osv";
    case Format::jsonl:
      break;
  }
  return "jsonl";
}

std::optional<Format> format_from(std::string_view name) {
  for (const Format format : all_formats)
    if (to_string(format) == name) return format;
  return std::nullopt;
}

std::uint64_t Manifest::vulnerabilities() const {
  const auto found = records.find("vulnerabilities");
  return found == records.end() ? 0 : found->second;
}

std::uint64_t Manifest::bytes() const {
  std::uint64_t sum = 0;
  for (const File& file : files) sum += file.size;
  return sum;
}

std::string to_json(const Manifest& manifest) {
  Arena arena;
  std::vector<Value> formats;
  for (const Format format : manifest.formats) formats.push_back(Value::string(to_string(format)));
  ObjectBuilder sources(arena);
  for (const auto& [name, source] : manifest.sources)
    sources.add(arena.copy(name), source_json(source, arena));
  const Value value = ObjectBuilder(arena)
                          .add("version", text(manifest.version, arena))
                          .add("schema_version", number(manifest.schema_version, arena))
                          .add("schema", text(manifest.schema, arena))
                          .add("program_version", text(manifest.program_version, arena))
                          .add("built_at", text(manifest.built_at, arena))
                          .add("valid_until", text(manifest.valid_until, arena))
                          .add("feed_id", text(manifest.feed_id, arena))
                          .add("changes_cursor", number(manifest.changes_cursor, arena))
                          .add("digest", text(manifest.digest, arena))
                          .add("formats", base::json::make_array(arena, std::span<const Value>(formats)))
                          .add("records", counts_json(manifest.records, arena))
                          .add("files", files_json(manifest.files, arena))
                          .add("sources", sources.finish())
                          .add("previous_version", optional_text(manifest.previous_version, arena))
                          .add("signed_by", optional_text(manifest.signed_by, arena))
                          .finish();
  std::string out;
  base::json::write_pretty(value, out);
  if (!out.ends_with('\n')) out += '\n';
  return out;
}

Manifest parse_manifest(std::string_view text, const std::string& what) {
  Arena arena;
  const base::json::Parsed parsed = base::json::parse(text, arena);
  if (parsed.error)
    throw ManifestError(
        base::format("{} is damaged: {} at byte {}", what, parsed.error->what, parsed.error->offset));
  const Members members(parsed.value, what);
  Manifest manifest;
  manifest.version = members.text("version");
  manifest.schema_version = members.number<std::int64_t>("schema_version");
  manifest.schema = members.text("schema");
  manifest.program_version = members.text("program_version");
  manifest.built_at = members.text("built_at");
  manifest.valid_until = members.text("valid_until");
  manifest.feed_id = members.text("feed_id");
  manifest.changes_cursor = members.number<std::int64_t>("changes_cursor");
  manifest.digest = members.text("digest");
  manifest.records = members.counts("records");
  manifest.previous_version = members.optional_text("previous_version");
  manifest.signed_by = members.optional_text("signed_by");
  read_lists(members, what, manifest);
  return manifest;
}

std::string checksums(const std::vector<File>& files) {
  std::string text;
  for (const File& file : files) text += base::format("{}  {}\n", file.sha256, file.path);
  return text;
}

}  // namespace snapshot
