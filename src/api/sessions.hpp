// The connections of a server that are open.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace api {

class Session;

/// The connections that are open, so that stopping can tell them.
class Sessions {
 public:
  void add(const std::shared_ptr<Session>& session);
  void remove(Session* session);
  std::size_t count() const;
  std::vector<std::shared_ptr<Session>> all() const;

  /// From now on no connection serves another request.
  void stop() { is_stopping_ = true; }
  bool is_stopping() const { return is_stopping_; }

 private:
  std::atomic<bool> is_stopping_ = false;
  mutable std::mutex mutex_;
  std::unordered_map<Session*, std::weak_ptr<Session>> sessions_;
};

}  // namespace api
