#include "api/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace api {

void write_process_metrics(MetricsText& text) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  text.describe("process_cpu_seconds_total", "counter", "CPU time of the process.");
  text.sample("process_cpu_seconds_total", {}, seconds(usage.ru_utime) + seconds(usage.ru_stime));
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;  // the second number is the resident set
  text.describe("process_resident_memory_bytes", "gauge", "Resident memory of the process.");
  text.sample("process_resident_memory_bytes", {},
              pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
  std::error_code ignored;
  std::uint64_t descriptors = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", ignored), end; entry != end;
       entry.increment(ignored))
    ++descriptors;
  text.describe("process_open_fds", "gauge", "Open file descriptors.");
  text.sample("process_open_fds", {}, descriptors);
}

}  // namespace api
