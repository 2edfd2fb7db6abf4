#include "http/client.hpp"

#include <algorithm>
#include <limits>

#include "base/files.hpp"
#include "base/format.hpp"
#include "base/log.hpp"
#include "base/redact.hpp"
#include "base/stop.hpp"
#include "http/file_download.hpp"
#include "http/many.hpp"
#include "http/transfer.hpp"

namespace http {

const std::string& Headers::get(std::string_view name) const {
  static const std::string none;
  const auto found = fields_.find(name);
  return found == fields_.end() ? none : found->second;
}

void Headers::add(const std::string& name, std::string_view value) {
  std::string& field = fields_[name];
  if (!field.empty()) field += ", ";
  field += value;
}

Client::Client(Settings settings, std::stop_token stop)
    : connections_(std::make_unique<Connections>()), settings_(std::move(settings)), stop_(std::move(stop)) {
  if (!settings_.wait) settings_.wait = base::sleep_for;
}

Client::~Client() = default;

// Calls `attempt` until it succeeds or fails for good. It says by its return value whether it got the caller
// nearer to the end (bytes that need not be fetched again): then the count begins anew.
template <class Try>
auto Client::with_retries(Try attempt) {
  base::Backoff backoff(settings_.first_delay, settings_.longest_delay);
  int failures = 0;
  for (;;) {
    bool advanced = false;
    try {
      return attempt(advanced);
    } catch (const AttemptFailed& failure) {
      failures = advanced ? 1 : failures + 1;
      if (advanced) backoff.reset();
      const bool too_long = failure.retry_after() > settings_.longest_retry_after;
      if (!failure.retryable() || (failures >= settings_.attempts && !too_long))
        throw Error(failures > 1 ? base::format("{} ({} attempts)", failure.what(), failures)
                                 : std::string(failure.what()),
                    failure.status(), failure.retryable() ? Error::Retry::yes : Error::Retry::no);
      if (too_long)
        throw Error(base::format("{}; it asks us to come back in {} seconds", failure.what(),
                                 failure.retry_after().count()),
                    failure.status(), Error::Retry::yes);
      base::log::debug("request failed, will be repeated", {{"cause", failure.what()}});
      wait_before_retry(backoff, failure.retry_after());
    }
  }
}

void Client::wait_before_retry(base::Backoff& backoff, std::chrono::seconds asked) {
  const Milliseconds delay = std::max(backoff.next(), Milliseconds(asked));
  if (!settings_.wait(delay, stop_)) throw Error("the download was interrupted");
}

Response Client::get(const std::string& url, std::uint64_t limit, const std::vector<Field>& fields) {
  Attempt attempt{.url = url, .fields = fields};
  return answer_to(attempt, limit);
}

Headers Client::header(const std::string& url, const std::vector<Field>& fields) {
  Attempt attempt{.url = url, .fields = fields};
  attempt.on_header = [](int, const Headers&) { return false; };
  return with_retries([&](bool&) { return connections_->run(attempt, settings_, stop_).headers; });
}

Response Client::post(const std::string& url, const std::string& form, std::uint64_t limit) {
  Attempt attempt{.url = url, .form = form};
  return answer_to(attempt, limit);
}

Response Client::answer_to(Attempt& attempt, std::uint64_t limit) {
  return with_retries([&](bool&) {
    Response response;
    attempt.on_body = [&](std::string_view bytes) {
      if (response.body.size() + bytes.size() > limit)
        throw Error(base::format("cannot fetch {}: the answer has more than {} bytes",
                                 base::redact(attempt.url), limit));
      response.body += bytes;
    };
    Answer answer = connections_->run(attempt, settings_, stop_);
    response.status = answer.status;
    response.headers = std::move(answer.headers);
    return response;
  });
}

void Client::get_many(const ManyRequests& requests) {
  Many(requests, *connections_, settings_, stop_).run();
}

Downloaded Client::download(const Download& request) {
  base::make_directories(std::filesystem::absolute(request.path).parent_path(), 0700);
  FileDownload file(request);
  return with_retries([&](bool& advanced) {
    const std::uint64_t before = file.kept();
    try {
      return file.attempt(*connections_, settings_, stop_);
    } catch (...) {
      constexpr std::uint64_t worth = std::uint64_t{1} << 20;
      advanced = file.kept() >= before + worth;
      throw;
    }
  });
}

}  // namespace http
