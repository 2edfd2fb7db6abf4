// Runs the built program, as a user would.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/process.hpp"

namespace support {

/// A place for end-to-end tests: a data directory of its own, and an environment without settings of the
/// machine.
class Program {
 public:
  Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  /// Runs `vuln-datasync ARGUMENTS...` to its end.
  base::RunResult run(std::vector<std::string> arguments, std::string_view input = {}) const;
  /// The command, for those who start it themselves.
  base::Command command(std::vector<std::string> arguments) const;

  /// Sets a variable of its environment.
  void set(const std::string& name, const std::string& value) { environment_.emplace_back(name, value); }

  const std::filesystem::path& directory() const { return directory_.path(); }
  std::filesystem::path data_dir() const { return directory_.path() / "data"; }

 private:
  base::TemporaryDirectory directory_;
  std::vector<std::pair<std::string, std::optional<std::string>>> environment_;
};

}  // namespace support
