#include "api/lookups.hpp"

#include <algorithm>
#include <utility>

#include "store/lookup.hpp"

namespace api {

namespace {

// Two at least, so that one is answered while another is asked; more than cores take the time from each
// other.
unsigned thread_count() {
  return std::clamp(std::thread::hardware_concurrency(), 2U, 8U);
}

}  // namespace

void Lookups::start() {
  for (unsigned i = 0; i < thread_count(); ++i) running_.emplace_back([this] { run(); });
}

void Lookups::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  running_.clear();  // joins
}

bool Lookups::submit(std::string identifier, Done done) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_ || waiting_.size() >= most_waiting) return false;
    waiting_.push_back({std::move(identifier), std::move(done)});
  }
  changed_.notify_one();
  return true;
}

void Lookups::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), batch));
    std::vector<Waiting> asked(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    lock.unlock();
    answer(asked);
    lock.lock();
  }
}

void Lookups::answer(const std::vector<Waiting>& asked) {
  Answers answers;
  std::exception_ptr failure;
  try {
    answers = find_all(asked);
  } catch (const std::exception&) {
    failure = std::current_exception();
  }
  const FoundPtr nothing = std::make_shared<const Found>();
  for (const Waiting& one : asked) {
    const auto answer = answers.find(one.identifier);
    one.done(failure ? nullptr : answer == answers.end() ? nothing : answer->second, failure);
  }
}

// Of what the shared cache does not have the database is asked.
Answers Lookups::find_all(const std::vector<Waiting>& asked) {
  std::vector<std::string> identifiers;
  for (const Waiting& one : asked) identifiers.push_back(one.identifier);
  std::sort(identifiers.begin(), identifiers.end());
  identifiers.erase(std::unique(identifiers.begin(), identifiers.end()), identifiers.end());
  Answers answers;
  if (shared_ != nullptr) answers = shared_->find(identifiers);
  std::erase_if(identifiers, [&](const std::string& one) { return answers.contains(one); });
  if (!identifiers.empty()) ask_database(identifiers, answers);
  return answers;
}

void Lookups::ask_database(const std::vector<std::string>& identifiers, Answers& answers) {
  store::Lookup lookup = pool_.read(
      [&](pg::Connection& connection) { return store::find_by_identifiers(connection, identifiers); });
  for (auto& [identifier, hits] : lookup.by_identifier) {
    const auto found = std::make_shared<const Found>(Found{std::move(hits)});
    cache_.put(identifier, found, lookup.at);
    if (shared_ != nullptr) shared_->put(identifier, found, lookup.at);
    answers.emplace(identifier, found);
  }
}

FoundPtr Lookups::find(const std::string& identifier) {
  if (FoundPtr cached = cache_.get(identifier)) return cached;
  FoundPtr found;
  std::exception_ptr failure;
  std::vector<Waiting> asked;
  asked.push_back({identifier, [&](FoundPtr answer, std::exception_ptr error) {
                     found = std::move(answer);
                     failure = std::move(error);
                   }});
  answer(asked);
  if (failure) std::rethrow_exception(failure);
  return found;
}

}  // namespace api
