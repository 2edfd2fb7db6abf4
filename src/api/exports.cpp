#include "api/exports.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "api/backend.hpp"
#include "api/parameters.hpp"
#include "base/ascii.hpp"
#include "base/format.hpp"
#include "base/percent.hpp"
#include "snapshot/directory.hpp"
#include "store/generated/service.hpp"
#include "store/json.hpp"

namespace api {

namespace fs = std::filesystem;

namespace {

using base::json::Value;

constexpr std::int64_t most_exports = 1000;

[[noreturn]] void refuse_missing(const std::string& what) {
  throw Refusal(404, "not_found", "there is no " + what + "; /api/v1/exports lists the snapshots");
}

snapshot::Directory exports_of(Backend& backend) {
  return snapshot::Directory(backend.settings().exports);
}

// "latest" as the version that the link of that name leads to.
std::string resolve_version(Backend& backend, const std::string& asked) {
  if (is_version(asked)) return asked;
  if (asked != "latest") refuse_missing("snapshot " + asked);
  std::error_code error;
  std::string name = fs::read_symlink(backend.settings().exports / "latest", error).filename().string();
  if (error || !is_version(name)) refuse_missing("snapshot yet");
  return name;
}

std::string_view content_type(std::string_view path) {
  const auto ends_with = [&](std::string_view ending) { return path.ends_with(ending); };
  if (ends_with(".json")) return "application/json";
  if (ends_with(".zip")) return "application/zip";
  if (ends_with(".csv")) return "text/csv; charset=utf-8";
  if (ends_with(".txt") || ends_with(".minisig") || ends_with("SHA256SUMS"))
    return "text/plain; charset=utf-8";
  if (ends_with(".zst")) return "application/zstd";
  return "application/octet-stream";
}

Value export_json(const store::sql::ExportManifestsRow& row, base::Arena& arena) {
  const auto time = [&](pg::Timestamp value) { return store::json_time(value, arena); };
  base::json::ObjectBuilder object(arena);
  object.add("version", store::json_text(row.version, arena));
  object.add("state", store::json_text(row.state, arena));
  object.add("formats", store::json_strings(row.formats, arena));
  object.add("created_at", time(row.created_at));
  object.add("finished_at", store::json_or_null(row.finished_at, time));
  object.add("manifest", row.manifest ? base::json::parse(*row.manifest, arena).value : Value());
  return object.finish();
}

// A version that is downloaded is not removed. Where this process may not write beside the snapshots it says
// so to nobody; the bytes of the open file are there until it is closed all the same.
std::optional<snapshot::Reading> reading(Backend& backend, const std::string& version) {
  try {
    return snapshot::Reading(exports_of(backend), version);
  } catch (const base::FileError&) {
    return std::nullopt;
  } catch (const snapshot::DirectoryError&) {
    refuse_missing("snapshot " + version);
  }
}

struct Download {
  std::optional<snapshot::Reading> reading;
  base::Fd file;
};

Response file_response(Backend& backend, const std::string& version, std::string_view path) {
  auto download = std::make_shared<Download>();
  download->reading = reading(backend, version);
  auto opened = open_below(backend.settings().exports, version + "/" + std::string(path));
  if (!opened) refuse_missing(base::format("file {} in snapshot {}", path, version));
  const base::Fd& file = download->file = std::move(*opened);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    refuse_missing("file " + std::string(path));
  Response response;
  response.set("Content-Type", std::string(content_type(path)));
  // A version's files never change: when and how large it was written tells it from any other.
  response.set("ETag", base::format("\"{:x}-{:x}-{:x}\"", status.st_size, status.st_mtim.tv_sec,
                                    status.st_mtim.tv_nsec));
  response.file = FileBody{std::shared_ptr<const base::Fd>(download, &download->file), 0,
                           static_cast<std::uint64_t>(status.st_size)};
  return response;
}

}  // namespace

bool is_version(std::string_view text) {
  constexpr std::string_view shape = "ddddddddTddddddZ";
  return std::ranges::equal(text, shape,
                            [](char c, char s) { return s == 'd' ? base::is_digit(c) : c == s; });
}

std::optional<base::Fd> open_below(const fs::path& directory, std::string_view path) {
  base::Fd at(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  while (at) {
    const std::size_t slash = path.find('/');
    const std::string name(path.substr(0, slash));
    if (name.empty() || name.starts_with('.')) return std::nullopt;  // "..", and files being written
    const bool is_last = slash == std::string_view::npos;
    const int flags = is_last ? O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
                              : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    at = base::Fd(::openat(at.get(), name.c_str(), flags));
    if (is_last && at) return at;
    if (is_last) break;
    path.remove_prefix(slash + 1);
  }
  return std::nullopt;
}

Response list_exports(Backend& backend, const Request& request) {
  const std::int64_t limit = number_parameter(request, "limit", 1, most_exports, 100);
  std::string before = text_parameter(request, "cursor", 64);
  if (before.empty()) before = "9";  // after every version: they begin with the year
  auto rows = backend.pool().read([&](pg::Connection& connection) {
    return store::sql::export_manifests(connection, before, exports_of(backend).canonical(), limit + 1);
  });
  const bool has_more = rows.size() > static_cast<std::size_t>(limit);
  if (has_more) rows.resize(static_cast<std::size_t>(limit));
  base::Arena arena;
  std::vector<Value> items;
  for (const auto& row : rows) items.push_back(export_json(row, arena));
  return json_response(
      base::json::ObjectBuilder(arena)
          .add("items", base::json::make_array(arena, std::span<const Value>(items)))
          .add("next_cursor", has_more ? store::json_text(rows.back().version, arena) : Value())
          .finish());
}

Response show_export(Backend& backend, const Request& request) {
  return file_response(backend, resolve_version(backend, request.variable("version")), "manifest.json");
}

Response download_export(Backend& backend, const Request& request) {
  const std::string& asked = request.variable("version");
  const std::string& path = request.variable("path");
  const std::string version = resolve_version(backend, asked);
  if (asked == "latest") {
    // A download that goes on later must go on with the same snapshot.
    Response response{.status = 302};
    response.set("Location", "/api/v1/exports/" + version + "/" + base::percent_encoded(path, "/"));
    response.set("Cache-Control", "no-cache");
    return response;
  }
  return file_response(backend, version, path);
}

}  // namespace api
