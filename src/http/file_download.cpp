#include "http/file_download.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "base/crc32c.hpp"
#include "base/files.hpp"
#include "base/format.hpp"
#include "base/redact.hpp"

namespace http {
namespace {

// Left free for everybody else on the file system.
constexpr std::uint64_t disk_reserve = std::uint64_t{64} << 20;
// How often a transfer looks whether there still is that much.
constexpr std::uint64_t disk_step = std::uint64_t{16} << 20;

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value);
  if (digits.empty() || error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

// RFC 9110, section 8.8.3: a weak tag begins with W/ and promises no equal bytes.
bool is_strong(std::string_view etag) {
  return etag.starts_with('"') && etag.find('\n') == std::string_view::npos;
}

struct ContentRange {
  std::optional<std::uint64_t> first;
  std::optional<std::uint64_t> total;
};

// RFC 9110, section 14.4: "bytes 0-499/1234".
ContentRange content_range(std::string_view field) {
  constexpr std::string_view unit = "bytes ";
  const std::size_t dash = field.find('-');
  const std::size_t slash = field.find('/');
  if (!field.starts_with(unit) || dash == std::string_view::npos || slash == std::string_view::npos)
    return {};
  return {number(field.substr(unit.size(), dash - unit.size())), number(field.substr(slash + 1))};
}

std::uint32_t crc32c_of_file(const std::filesystem::path& path) {
  const base::Fd file = base::open_file(path, O_RDONLY);
  std::string buffer(std::size_t{1} << 20, '\0');
  std::uint32_t crc = 0;
  while (const std::size_t length = base::read_some(file, buffer.data(), buffer.size(), path.native()))
    crc = base::crc32c(std::string_view(buffer).substr(0, length), crc);
  return crc;
}

}  // namespace

// A part that is resumed must come from the same address, and the server must be able to see from our request
// that we hold the same content.
std::optional<PartOf> FileDownload::resumable() const {
  std::optional<PartOf> whole = part_.belongs_to();
  if (!whole || whole->url != request_.url) return std::nullopt;
  if (!request_.pinned && whole->etag.empty()) return std::nullopt;
  return whole;
}

Downloaded FileDownload::attempt(Connections& connections, const Settings& settings,
                                 const std::stop_token& stop) {
  Attempt attempt;
  attempt.url = request_.url;
  attempt.fields = request_.fields;
  if (const auto whole = resumable()) {
    attempt.fields.emplace_back("Range", base::format("bytes={}-", part_.size()));
    if (!whole->etag.empty()) attempt.fields.emplace_back("If-Range", whole->etag);
  }
  attempt.on_header = [this](int status, const Headers& headers) { return take_header(status, headers); };
  attempt.on_body = [this](std::string_view bytes) { take_body(bytes); };
  Answer answer;
  try {
    answer = connections.run(attempt, settings, stop);
  } catch (const AttemptFailed& failure) {
    part_.pause();
    if (failure.status() == 412) part_.discard();
    if (failure.status() != 416) throw;
    // What lies here is no part of what the server has.
    part_.discard();
    fail("the server does not have the range we asked for", Error::Retry::yes);
  }
  const bool not_modified = answer.status == 304;
  if (not_modified || !answer.wanted) return {false, not_modified, std::move(answer.headers), bytes_};
  verify(answer.headers);
  part_.finish();
  return {true, false, std::move(answer.headers), bytes_};
}

bool FileDownload::take_header(int status, const Headers& headers) {
  if (request_.wanted && !request_.wanted(headers)) return false;
  const auto whole = status == 206 ? resumable() : std::nullopt;
  if (whole)
    go_on(*whole, headers);
  else if (status == 206)
    fail("the server sent a part that nobody asked for", Error::Retry::no);
  else
    start_over(headers);
  return true;
}

void FileDownload::go_on(const PartOf& whole, const Headers& headers) {
  const ContentRange range = content_range(headers.get("content-range"));
  if (range.first != part_.size() || (whole.total && range.total && range.total != whole.total)) {
    part_.discard();
    fail("the server went on with something else", Error::Retry::yes);
  }
  if (range.total) check_disk(*range.total - std::min(*range.total, part_.size()));
  part_.resume();
}

void FileDownload::start_over(const Headers& headers) {
  const std::string& etag = headers.get("etag");
  const auto total = number(headers.get("content-length"));
  check_announced(total);
  if (const auto size = total ? total : request_.size) check_disk(*size);
  part_.begin({request_.url, is_strong(etag) ? etag : "", total});
}

void FileDownload::check_announced(std::optional<std::uint64_t> total) const {
  if (!total) return;
  if (request_.size && *total != *request_.size)
    fail(base::format("the server sends {} bytes where it promised {}", *total, *request_.size),
         Error::Retry::yes);
  if (*total > request_.limit)
    fail(base::format("{} bytes are more than the {} allowed", *total, request_.limit), Error::Retry::no);
}

void FileDownload::check_disk(std::uint64_t missing) const {
  const std::uint64_t available = base::disk_space(request_.path).available;
  if (available < disk_reserve || available - disk_reserve < missing)
    throw base::FileError(base::format("download {} bytes (and leave {} free) to", missing, disk_reserve),
                          request_.path, ENOSPC);
}

// A body without a length may have no end, and others write to the disk too.
void FileDownload::check_disk_again() {
  const auto whole = part_.belongs_to();
  const bool has_end = whole && whole->total;
  try {
    check_disk(has_end ? *whole->total - std::min(*whole->total, part_.size()) : disk_step);
  } catch (const base::FileError&) {
    part_.pause();
    if (!has_end) part_.discard();
    throw;
  }
}

void FileDownload::take_body(std::string_view bytes) {
  const std::uint64_t most = request_.size.value_or(request_.limit);
  if (bytes.size() > most - std::min(most, part_.size())) {
    part_.discard();
    fail(base::format("the server sends more than the {} bytes {}", most,
                      request_.size ? "it promised" : "allowed"),
         Error::Retry::no);
  }
  if (part_.size() / disk_step != (part_.size() + bytes.size()) / disk_step) check_disk_again();
  part_.append(bytes);
  bytes_ += bytes.size();
}

// After a transfer that libcurl calls complete.
void FileDownload::verify(const Headers& headers) {
  part_.pause();
  if (request_.size && part_.size() != *request_.size)
    fail(base::format("the server sent {} bytes of the {} it promised", part_.size(), *request_.size),
         Error::Retry::yes);
  const auto stored = promised_crc32c(headers);
  if (!request_.crc32c && !stored) return;
  const std::uint32_t found = crc32c_of_file(part_.file());
  for (const auto& promised : {request_.crc32c, stored}) {
    if (!promised || *promised == found) continue;
    part_.discard();
    fail(base::format("its checksum (crc32c) is {:08x}, not {:08x} as promised", found, *promised),
         Error::Retry::yes);
  }
}

void FileDownload::fail(const std::string& reason, Error::Retry retry) const {
  throw AttemptFailed(base::format("cannot fetch {}: {}", base::redact(request_.url), reason), 0, retry);
}

}  // namespace http
