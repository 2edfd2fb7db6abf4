#include "jobs/job_progress.hpp"

#include "base/json.hpp"
#include "store/json.hpp"

namespace jobs {

using base::json::Value;

void JobProgress::begin(std::string_view stage, std::string_view subject, std::uint64_t total) {
  const std::scoped_lock lock(mutex_);
  stage_ = stage;
  source_ = subject;
  note_.clear();
  done_ = 0;
  total_ = total;
  started_ = Clock::now();
}

void JobProgress::advance(std::uint64_t count) {
  const std::scoped_lock lock(mutex_);
  done_ += count;
}

void JobProgress::note(std::string_view message) {
  const std::scoped_lock lock(mutex_);
  note_ = message;
}

void JobProgress::set(std::string_view stage, std::uint64_t done, std::uint64_t total) {
  {
    const std::scoped_lock lock(mutex_);
    if (stage == stage_) {
      done_ = done;
      total_ = total;
      return;
    }
  }
  begin(stage, {}, total);
  advance(done);
}

std::string JobProgress::to_json() const {
  const std::scoped_lock lock(mutex_);
  base::Arena arena;
  const auto text = [&](const std::string& value) {
    return value.empty() ? Value() : store::json_text(value, arena);
  };
  const auto number = [&](std::uint64_t value) {
    return store::json_number(static_cast<std::int64_t>(value), arena);
  };
  const double seconds = std::chrono::duration<double>(Clock::now() - started_).count();
  const double rate = done_ > 0 && seconds > 0 ? static_cast<double>(done_) / seconds : 0;
  const bool has_end = rate > 0 && total_ > done_;
  base::json::ObjectBuilder object(arena);
  object.add("stage", text(stage_)).add("source", text(source_));
  object.add("done", number(done_)).add("total", total_ > 0 ? number(total_) : Value());
  object.add("rate", rate > 0 ? number(static_cast<std::uint64_t>(rate)) : Value());
  object.add(
      "eta_seconds",
      has_end ? number(static_cast<std::uint64_t>(static_cast<double>(total_ - done_) / rate)) : Value());
  object.add("note", text(note_));
  return base::json::write(object.finish());
}

}  // namespace jobs
