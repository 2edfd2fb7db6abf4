#include "fetch/cached_file.hpp"

#include <utility>

#include "base/files.hpp"

namespace fetch {

namespace fs = std::filesystem;

CachedFile::CachedFile(fs::path path) : path_(std::move(path)), note_(path_.native() + ".fingerprint") {}

bool CachedFile::holds(const std::string& fingerprint) const {
  return !fingerprint.empty() && fs::exists(path_) && this->fingerprint() == fingerprint;
}

std::string CachedFile::fingerprint() const {
  return base::read_file_if_present(note_, std::uint64_t{64} << 10).value_or("");
}

void CachedFile::forget() const {
  base::remove_file(note_);
}

void CachedFile::remember(const std::string& fingerprint) const {
  base::write_file_atomically(note_, fingerprint);
}

}  // namespace fetch
