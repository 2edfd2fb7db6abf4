// The end of a process whose stop hangs: on a server that accepts connections and answers nothing, say.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <thread>

namespace cli {

class LastResort {
 public:
  /// Once `stop` is requested, this object has to be gone within `limit`: else an error is logged and the
  /// process ends with status 1, without destructors, which would hang as well.
  LastResort(const std::stop_token& stop, std::chrono::milliseconds limit);
  LastResort(const LastResort&) = delete;
  LastResort& operator=(const LastResort&) = delete;

 private:
  void begin();

  std::chrono::milliseconds limit_;
  std::jthread thread_;
  std::stop_callback<std::function<void()>> requested_;  // last: it begins the thread
};

}  // namespace cli
