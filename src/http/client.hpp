// A client for HTTP and HTTPS over libcurl: small answers into memory, large ones into files.
//
// What every request keeps to: connections are used again; certificates are always verified; proxies come
// from the environment (http_proxy, https_proxy, all_proxy, no_proxy) and so may further certificates
// (SSL_CERT_FILE, CURL_CA_BUNDLE); at most five redirects are followed, from https never to anything else;
// temporary failures (no connection, a stalled or broken transfer, 408, 425, 429, 5xx) are retried with
// jittered delays that honour Retry-After; a requested stop ends any transfer within a second.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/backoff.hpp"
#include "http/error.hpp"
#include "http/settings.hpp"

namespace http {

class Connections;
struct Attempt;

/// The header fields of an answer, names in lower case; repeated ones joined by ", " (RFC 9110, section 5.3).
class Headers {
 public:
  void add(const std::string& name, std::string_view value);
  void clear() { fields_.clear(); }
  /// The value of the field called `name` (in lower case), or "".
  const std::string& get(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> fields_;
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;
};

/// A request field: "If-None-Match", "\"abc\"".
using Field = std::pair<std::string, std::string>;

/// A large answer that is to become a file.
struct Download {
  std::string url;
  std::filesystem::path path;
  std::vector<Field> fields = {};
  /// What the server promised elsewhere; the file must have it.
  std::optional<std::uint64_t> size = {};
  std::optional<std::uint32_t> crc32c = {};
  /// More bytes than this are refused where no size was promised.
  std::uint64_t limit = std::uint64_t{64} << 30;
  /// The address names one content for ever (or fails): a part that was fetched from it earlier can be
  /// resumed whatever the answer's ETag is.
  bool pinned = false;
  /// Sees the header of the answer before its body is taken; false ends the download there.
  std::function<bool(const Headers&)> wanted = {};
};

struct Downloaded {
  /// false: the answer was 304, or not `wanted`; nothing was written.
  bool complete = false;
  bool not_modified = false;
  Headers headers;
  /// Bytes that came over the network for it, in all attempts.
  std::uint64_t bytes = 0;
};

/// Small answers that are wanted together.
struct ManyRequests {
  std::size_t count = 0;
  /// The address of each, from 0 to count - 1. All of them on one server.
  std::function<std::string(std::size_t index)> url;
  std::vector<Field> fields = {};
  /// One answer is never larger.
  std::uint64_t limit = std::uint64_t{64} << 20;
  /// Sees each answer as it comes, in any order: of status 200 with its body, or of another status (0: none
  /// at all) where it cannot be had.
  std::function<void(std::size_t index, Response answer)> take;
};

/// One per thread. Closing it closes its connections.
class Client {
 public:
  explicit Client(Settings settings = {}, std::stop_token stop = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// The answer to a GET: one of status 200, or 304 when `fields` made the request conditional. Throws Error
  /// for every other status, for a body of more than `limit` bytes and for whatever keeps the answer away.
  Response get(const std::string& url, std::uint64_t limit, const std::vector<Field>& fields = {});

  /// The header of the answer to a GET whose body is not taken. Throws as get().
  Headers header(const std::string& url, const std::vector<Field>& fields = {});

  /// The answers to many GETs at once: over one connection where the server speaks HTTP/2, else over a few. A
  /// checksum in an x-goog-hash field is verified. What is not found is an answer; throws Error when the
  /// server is not to be had, or many answers are not.
  void get_many(const ManyRequests& requests);

  /// The answer to a POST of `form` (application/x-www-form-urlencoded), as get() gives it.
  Response post(const std::string& url, const std::string& form, std::uint64_t limit);

  /// Fetches a file. The bytes are collected in `path` + ".part" and stay there when the download fails, to
  /// be resumed by the next one where the server can show that the content is still the same (a strong ETag,
  /// or a pinned address); `path` itself appears complete and verified, or not at all. Checksums in an
  /// x-goog-hash field of the answer are verified too. Throws Error, and base::FileError when the disk is
  /// full or would be.
  Downloaded download(const Download& request);

 private:
  template <class Try>
  auto with_retries(Try attempt);
  Response answer_to(Attempt& attempt, std::uint64_t limit);
  void wait_before_retry(base::Backoff& backoff, std::chrono::seconds asked);

  std::unique_ptr<Connections> connections_;
  Settings settings_;
  std::stop_token stop_;
};

/// The value of the crc32c member of an x-goog-hash field ("crc32c=n03x6A==,md5=…"), or nothing.
std::optional<std::uint32_t> crc32c_of_hash_field(std::string_view field);

/// The checksum of the bytes as they are sent that the header of an answer promises, or nothing: that of an
/// object which is stored as gzip and sent unpacked is of other bytes.
std::optional<std::uint32_t> promised_crc32c(const Headers& headers);

/// A CRC-32C as Google writes it: base64 of its four bytes, the highest first. Nothing for any other text.
std::optional<std::uint32_t> crc32c_from_base64(std::string_view text);

}  // namespace http
