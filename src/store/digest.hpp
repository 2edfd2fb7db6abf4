// One line that says what the merged database holds.
#pragma once

#include <cstdint>

#include "base/hash.hpp"
#include "pg/connection.hpp"

namespace store {

struct Digest {
  base::Sha256 sha256{};
  std::uint64_t vulnerabilities = 0;
};

/// SHA-256 over `id`, NUL, the document hash in hex, LF of every merged vulnerability in bytewise id order:
/// the same content gives the same digest, whatever the database's history.
Digest digest(pg::Connection& connection);

}  // namespace store
