// A mirror directory for one test, and what a collection of it holds.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/files.hpp"
#include "fetch/mirror.hpp"
#include "support/files.hpp"

namespace fetch {

class MirrorOnDisk {
 public:
  std::filesystem::path path() const { return directory_.path() / "mirror"; }
  std::filesystem::path cache() const { return directory_.path() / "cache"; }

  void write(const std::string& name, std::string_view bytes) const {
    support::write_file(path() / name, bytes);
  }

  Fetched open(const std::string& source, const std::string& known = "", bool full = false) const {
    return open_mirror(
        {.source = source, .known_fingerprint = known, .full = full, .cache = cache(), .stop = {}}, path());
  }

 private:
  base::TemporaryDirectory directory_;
};

/// Location and content of every candidate.
inline std::multimap<std::string, std::string> contents(const Fetched& fetched) {
  std::multimap<std::string, std::string> result;
  const auto reader = fetched.collection->reader();
  for (std::size_t i = 0; i < fetched.collection->size(); ++i)
    result.emplace(fetched.collection->candidate(i).location, reader->read(i));
  return result;
}

using Contents = std::multimap<std::string, std::string>;

}  // namespace fetch
