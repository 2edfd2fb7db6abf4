#include "api/sessions.hpp"

#include <utility>

namespace api {

void Sessions::add(const std::shared_ptr<Session>& session) {
  const std::scoped_lock lock(mutex_);
  sessions_.emplace(session.get(), session);
}

void Sessions::remove(Session* session) {
  const std::scoped_lock lock(mutex_);
  sessions_.erase(session);
}

std::size_t Sessions::count() const {
  const std::scoped_lock lock(mutex_);
  return sessions_.size();
}

std::vector<std::shared_ptr<Session>> Sessions::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::shared_ptr<Session>> alive;
  for (const auto& [address, weak] : sessions_)
    if (auto session = weak.lock()) alive.push_back(std::move(session));
  return alive;
}

}  // namespace api
