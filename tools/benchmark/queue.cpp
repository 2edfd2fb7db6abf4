// How many tasks that do nothing pass through the queue in a second: benchmark_queue SOCKET [TASKS]
// [WORKERS]. SOCKET is of a Redis that nobody else uses. Prints one JSON object.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "jobs/worker.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("benchmark_queue SOCKET [TASKS] [WORKERS]\n", stderr);
    return 2;
  }
  base::log::configure(base::log::Level::warn, base::log::Format::text);
  redis::Settings redis;
  redis.socket = argv[1];
  const int tasks = argc > 2 ? std::stoi(argv[2]) : 20'000;
  const int workers = argc > 3 ? std::stoi(argv[3]) : 1;

  const auto begun = Clock::now();
  jobs::Broker broker(redis);
  for (int i = 0; i < tasks; ++i) {
    jobs::TaskMessage message;
    message.type = "benchmark:nothing";
    message.payload = "{}";
    message.queue = "default";
    broker.enqueue(message);
  }
  const double enqueued = seconds_since(begun);

  std::atomic<int> done = 0;
  std::vector<std::unique_ptr<jobs::Worker>> running;
  const auto started = Clock::now();
  for (int i = 0; i < workers; ++i) {
    jobs::WorkerSettings settings;
    settings.redis = redis;
    running.push_back(std::make_unique<jobs::Worker>(settings));
    running.back()->set_handlers({{"benchmark:nothing", [&](jobs::Attempt&) {
                                     ++done;
                                     return std::string();
                                   }}});
    running.back()->start();
  }
  while (done < tasks) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const double worked = seconds_since(started);
  running.clear();
  std::printf("{\"tasks\": %d, \"enqueued_per_second\": %.0f, \"done_per_second\": %.0f}\n", tasks,
              tasks / enqueued, tasks / worked);
  return 0;
}
