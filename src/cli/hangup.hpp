// SIGHUP for one that may not exist yet or any more.
#pragma once

#include <functional>
#include <mutex>

namespace cli {

class Hangup {
 public:
  /// Who hears of it, until this object goes; one at a time. What it is told by runs to its end first.
  class Listener {
   public:
    Listener(Hangup& hangup, std::function<void()> reload) : hangup_(hangup) {
      hangup_.listen(std::move(reload));
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener() { hangup_.listen({}); }

   private:
    Hangup& hangup_;
  };

  /// Any thread. Where nobody listens, whoever does next is told.
  void notify() {
    const std::scoped_lock lock(mutex_);
    is_missed_ = !reload_;
    if (reload_) reload_();
  }

 private:
  void listen(std::function<void()> reload) {
    const std::scoped_lock lock(mutex_);
    reload_ = std::move(reload);
    if (reload_ && is_missed_) reload_();
    is_missed_ = false;
  }

  std::mutex mutex_;  // held while one reloads
  std::function<void()> reload_;
  bool is_missed_ = false;
};

}  // namespace cli
