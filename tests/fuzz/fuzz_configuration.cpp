// Any bytes as vuln-datasync.toml and as a dotenv file: settings, or a UsageError.
#include <fcntl.h>
#include <sys/mman.h>

#include <string>

#include "base/files.hpp"
#include "cli/error.hpp"
#include "cli/settings.hpp"
#include "fuzz/fuzz_target.hpp"

namespace {

void read(const cli::SettingsInput& input) {
  try {
    const cli::Settings settings = cli::read_settings(input);
    fuzz::require(settings.data_dir.is_absolute(), "the data directory is absolute");
  } catch (const cli::UsageError&) {
  }
}

}  // namespace

FUZZ_TARGET(configuration) {
  const base::Fd file(memfd_create("settings", MFD_CLOEXEC));
  base::write_all(file, bytes, "settings");
  const std::string path = "/proc/self/fd/" + std::to_string(file.get());
  cli::SettingsInput input;
  input.config_file = path;
  read(input);
  input.config_file = "/dev/null";
  input.env_file = path;
  read(input);
}
