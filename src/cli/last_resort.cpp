#include "cli/last_resort.hpp"

#include <cstdlib>

#include "base/log.hpp"
#include "base/stop.hpp"

namespace cli {

LastResort::LastResort(const std::stop_token& stop, std::chrono::milliseconds limit)
    : limit_(limit), requested_(stop, [this] { begin(); }) {}

void LastResort::begin() {
  thread_ = std::jthread([limit = limit_](const std::stop_token& is_gone) {
    if (!base::sleep_for(limit, is_gone)) return;
    base::log::error(
        "stopping takes too long, and the process ends as it is: a server that it uses does not answer",
        {{"seconds", std::chrono::duration<double>(limit).count()}});
    std::_Exit(1);
  });
}

}  // namespace cli
