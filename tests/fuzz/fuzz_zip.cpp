// Any bytes as an archive: opened and read whole, or refused with fetch::Error; never anything else.
#include <fcntl.h>
#include <sys/mman.h>

#include <string_view>

#include "base/files.hpp"
#include "fetch/error.hpp"
#include "fetch/zip.hpp"
#include "fuzz/fuzz_target.hpp"

namespace {

fetch::File in_memory(std::string_view bytes) {
  base::Fd file(memfd_create("archive.zip", MFD_CLOEXEC));
  base::write_all(file, bytes, "archive.zip");
  return {std::move(file), "archive.zip"};
}

}  // namespace

FUZZ_TARGET(zip) {
  try {
    // Small limits, so that a run spends its time on structure.
    const fetch::ZipArchive archive(in_memory(bytes),
                                    [](std::string_view name) { return name.ends_with("n"); },
                                    {.entry = 1 << 16, .harmless = 1 << 20});
    fetch::ZipReader reader(archive);
    for (std::size_t i = 0; i < archive.size(); ++i) {
      try {
        reader.read(i);
      } catch (const fetch::Error&) {
      }
    }
  } catch (const fetch::Error&) {
  }
}
