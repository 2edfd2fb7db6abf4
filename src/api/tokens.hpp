// Who may write: bearer tokens (RFC 6750).
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"

namespace api {

class Tokens {
 public:
  /// These tokens, and the lines of the file, if one is named (blank lines and those that begin with '#' are
  /// none). Throws base::FileError when it cannot be read, base::Error when it holds no token.
  Tokens(const std::vector<std::string>& tokens, std::filesystem::path file);

  /// Reads the file again. A file that cannot be read leaves the tokens as they were, and throws as above.
  void reload();

  bool empty() const;

  /// Whether `token` is one of them, in a time that depends on neither.
  bool accept(std::string_view token) const;

 private:
  std::vector<base::Sha256> read() const;

  std::vector<base::Sha256> given_;
  std::filesystem::path file_;
  mutable std::mutex mutex_;
  std::vector<base::Sha256> known_;  // hashes: equal in length, and no token lies in memory for long
};

}  // namespace api
