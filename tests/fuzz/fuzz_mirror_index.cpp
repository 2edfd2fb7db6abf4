// Any bytes as the list of a mirror's files: one whose paths stay in the mirror and which survives being
// written, or fetch::Error.
#include <algorithm>

#include "fetch/error.hpp"
#include "fetch/mirror_index.hpp"
#include "fuzz/fuzz_target.hpp"

FUZZ_TARGET(mirror_index) {
  try {
    const fetch::MirrorIndex index = fetch::read_mirror_index(bytes, "it");
    for (const fetch::MirrorFile& file : index.files) {
      const std::filesystem::path path(file.path);
      fuzz::require(path.is_relative() && std::find(path.begin(), path.end(), "..") == path.end(),
                    "a path stays in the mirror");
    }
    const std::string written = fetch::to_text(index);
    fuzz::require(fetch::to_text(fetch::read_mirror_index(written, "it")) == written,
                  "a list survives being written");
  } catch (const fetch::Error&) {
  }
}
