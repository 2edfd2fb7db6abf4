// A running `vuln-datasync serve`, whose log is read from a file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/process.hpp"
#include "support/program.hpp"

namespace support {

class Service {
 public:
  /// Starts the roles ("api,worker") on a free port and waits until it is open; `name` is the log's. Without
  /// the API it waits for nothing.
  Service(const Program& program, const std::string& name, const std::string& roles);

  std::string log() const;
  /// The whole answers, head and body.
  std::string get(const std::string& target) const;
  std::string post(const std::string& target, const std::string& body = {}) const;

  /// Asks for a sync of the sources (JSON strings); the new job's id.
  std::string ask_for_sync(const std::string& sources) const;
  /// Whether a job gets into that state in time (see eventually.hpp).
  bool waits_for_job(const std::string& id, const std::string& state) const;

  int port() const { return port_; }
  pid_t process() const { return process_.id(); }
  void signal(int number) { process_.signal(number); }
  /// SIGKILL.
  void kill();
  /// Waits for its end; how it ended.
  base::ExitStatus wait() { return process_.wait(); }
  /// SIGTERM; how it ended.
  base::ExitStatus stop();

 private:
  base::Process start(const Program& program, const std::string& roles) const;

  std::filesystem::path log_;
  base::Process process_;
  int port_ = 0;
};

}  // namespace support
