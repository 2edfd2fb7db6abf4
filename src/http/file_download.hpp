// The attempts at one download, each going on where the one before it broke off.
#pragma once

#include <stop_token>

#include "http/part.hpp"
#include "http/transfer.hpp"

namespace http {

class FileDownload {
 public:
  explicit FileDownload(const Download& request) : request_(request), part_(request.path) {}

  /// Throws AttemptFailed where another attempt may help, which then resumes or starts over as is right.
  Downloaded attempt(Connections& connections, const Settings& settings, const std::stop_token& stop);

  /// Bytes that the next attempt would not fetch again.
  std::uint64_t kept() const { return resumable() ? part_.size() : 0; }

 private:
  std::optional<PartOf> resumable() const;
  bool take_header(int status, const Headers& headers);
  void go_on(const PartOf& whole, const Headers& headers);
  void start_over(const Headers& headers);
  void check_announced(std::optional<std::uint64_t> total) const;
  void check_disk_again();
  void check_disk(std::uint64_t missing) const;
  void take_body(std::string_view bytes);
  void verify(const Headers& headers);
  [[noreturn]] void fail(const std::string& reason, Error::Retry retry) const;

  const Download& request_;
  Part part_;
  std::uint64_t bytes_ = 0;
};

}  // namespace http
