// One line that says what the merged database holds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/hash.hpp"
#include "pg/connection.hpp"

namespace store {

struct Digest {
  base::Sha256 sha256{};
  std::uint64_t vulnerabilities = 0;
};

/// The digest of vulnerabilities that are named one by one, in bytewise order of their ids.
class DigestBuilder {
 public:
  /// `document_hash` is its bytes.
  void add(std::string_view id, std::string_view document_hash);
  Digest finish();

 private:
  base::Sha256Stream stream_;
  std::string line_;
  std::uint64_t vulnerabilities_ = 0;
};

/// SHA-256 over `id`, NUL, the document hash in hex, LF of every merged vulnerability in bytewise id order:
/// the same content gives the same digest, whatever the database's history.
Digest digest(pg::Connection& connection);

}  // namespace store
