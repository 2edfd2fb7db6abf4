// Many small answers over few connections. Nothing outside this room includes this.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "http/transfer.hpp"

namespace http {

/// The requests of one Client::get_many(), some of them under way at a time.
///
/// A failure that may pass stops new requests; when those under way have ended, there is one pause for all of
/// them, as long as the server asks, and they go on. So a server that wants rest gets it.
class Many {
 public:
  Many(const ManyRequests& requests, Connections& connections, const Settings& settings,
       std::stop_token stop);
  ~Many();

  /// Throws Error when the server is not to be had.
  void run();

 private:
  /// A request that is not answered yet.
  struct Waiting {
    std::size_t index = 0;
    int failures = 0;
  };
  /// A place for a request under way.
  struct Slot {
    Exchange exchange;
    Attempt attempt;
    std::string body;
    Waiting request;
    bool busy = false;
  };

  void start_some();
  void start(Slot& slot, const Waiting& request);
  void move_on();
  void end(Slot& slot, CURLcode code);
  void failed(const Waiting& request, const AttemptFailed& failure);
  void give_up(std::size_t index, const AttemptFailed& failure);
  void pause();
  bool anything_left() const { return next_ < requests_.count || !again_.empty(); }

  const ManyRequests& requests_;
  CURLM* multi_;
  const Settings& settings_;
  std::stop_token stop_;
  base::Backoff backoff_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::size_t next_ = 0;       // the first that was never started
  std::deque<Waiting> again_;  // those that failed
  std::size_t busy_ = 0;
  bool pausing_ = false;
  std::chrono::seconds asked_{0};  // the longest Retry-After of this round
  std::size_t answered_ = 0;
  std::size_t given_up_ = 0;
};

}  // namespace http
