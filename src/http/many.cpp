#include "http/many.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "base/crc32c.hpp"
#include "base/format.hpp"
#include "base/log.hpp"
#include "base/redact.hpp"

namespace http {
namespace {

// Streams that share an HTTP/2 connection; servers allow a hundred.
constexpr std::size_t most_at_once = 64;
// Where a server speaks HTTP/1.1, requests queue for so many connections.
constexpr long most_connections = 8;
// Answers that cannot be had though others can; more of them, and it is the server that is at fault.
constexpr std::size_t most_given_up = 16;

bool is_absent(int status) {
  constexpr int not_found = 404;
  constexpr int gone = 410;
  return status == not_found || status == gone;
}

void verify_checksum(const Attempt& attempt, const Headers& headers, std::string_view body) {
  const auto promised = promised_crc32c(headers);
  if (!promised || *promised == base::crc32c(body)) return;
  throw AttemptFailed(base::format("cannot fetch {}: its checksum (crc32c) is not {:08x} as promised",
                                   base::redact(attempt.url), *promised),
                      0, Error::Retry::yes);
}

}  // namespace

Many::Many(const ManyRequests& requests, Connections& connections, const Settings& settings,
           std::stop_token stop)
    : requests_(requests),
      multi_(connections.multi()),
      settings_(settings),
      stop_(std::move(stop)),
      backoff_(settings.first_delay, settings.longest_delay) {
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, most_connections);
  for (std::size_t i = 0; i < std::min(most_at_once, requests.count); ++i)
    slots_.push_back(std::make_unique<Slot>());
}

Many::~Many() {
  for (const auto& slot : slots_)
    if (slot->busy) curl_multi_remove_handle(multi_, slot->exchange.easy());
}

void Many::run() {
  const std::stop_callback wake(stop_, [multi = multi_] { curl_multi_wakeup(multi); });
  while (anything_left() || busy_ > 0) {
    if (stop_.stop_requested()) throw Error("the download was interrupted");
    if (pausing_ && busy_ == 0) pause();
    if (!pausing_) start_some();
    move_on();
  }
}

void Many::start_some() {
  for (const auto& slot : slots_) {
    if (slot->busy || !anything_left()) continue;
    if (again_.empty()) {
      start(*slot, {next_++, 0});
    } else {
      start(*slot, again_.front());
      again_.pop_front();
    }
  }
}

void Many::start(Slot& slot, const Waiting& request) {
  slot.request = request;
  slot.body.clear();
  slot.attempt = {.url = requests_.url(request.index), .fields = requests_.fields};
  slot.attempt.on_body = [this, &slot](std::string_view bytes) {
    if (slot.body.size() + bytes.size() > requests_.limit)
      throw AttemptFailed(base::format("cannot fetch {}: the answer has more than {} bytes",
                                       base::redact(slot.attempt.url), requests_.limit),
                          0, Error::Retry::no);
    slot.body += bytes;
  };
  slot.exchange.prepare(slot.attempt, settings_);
  // Rather wait until a connection can be shared than open another.
  curl_easy_setopt(slot.exchange.easy(), CURLOPT_PIPEWAIT, 1L);
  curl_easy_setopt(slot.exchange.easy(), CURLOPT_PRIVATE, &slot);
  if (curl_multi_add_handle(multi_, slot.exchange.easy()) != CURLM_OK) throw std::bad_alloc();
  slot.busy = true;
  ++busy_;
}

// Lets libcurl work until something has ended.
void Many::move_on() {
  int running = 0;
  if (const CURLMcode code = curl_multi_perform(multi_, &running); code != CURLM_OK)
    throw Error(
        base::format("cannot fetch {}: {}", base::redact(requests_.url(0)), curl_multi_strerror(code)));
  int left = 0;
  bool ended = false;
  while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    Slot* slot = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
    end(*slot, code);
    ended = true;
  }
  if (!ended && busy_ > 0) curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
}

void Many::end(Slot& slot, CURLcode code) {
  curl_multi_remove_handle(multi_, slot.exchange.easy());
  slot.busy = false;
  --busy_;
  try {
    Answer answer = slot.exchange.finish(code);
    verify_checksum(slot.attempt, answer.headers, slot.body);
    ++answered_;
    backoff_.reset();
    requests_.take(slot.request.index, {answer.status, std::move(answer.headers), std::move(slot.body)});
  } catch (const AttemptFailed& failure) {
    failed(slot.request, failure);
  }
}

void Many::failed(const Waiting& request, const AttemptFailed& failure) {
  if (is_absent(failure.status())) {
    ++answered_;
    requests_.take(request.index, {failure.status(), {}, {}});
    return;
  }
  if (failure.retry_after() > settings_.longest_retry_after)
    throw Error(base::format("{}; it asks us to come back in {} seconds", failure.what(),
                             failure.retry_after().count()),
                failure.status(), Error::Retry::yes);
  const Waiting once_more{request.index, request.failures + 1};
  if (!failure.retryable() || once_more.failures >= settings_.attempts) {
    give_up(request.index, failure);
    return;
  }
  base::log::debug("request failed, will be repeated", {{"cause", failure.what()}});
  again_.push_back(once_more);
  asked_ = std::max(asked_, failure.retry_after());
  pausing_ = true;
}

// The answer to one request is not to be had; when there are many of them, nor is the server.
void Many::give_up(std::size_t index, const AttemptFailed& failure) {
  ++given_up_;
  if (given_up_ > most_given_up || answered_ == 0)
    throw Error(failure.what(), failure.status(), failure.retryable() ? Error::Retry::yes : Error::Retry::no);
  base::log::debug("request failed for good", {{"cause", failure.what()}});
  requests_.take(index, {failure.status(), {}, {}});
}

void Many::pause() {
  const Milliseconds delay = std::max(backoff_.next(), Milliseconds(asked_));
  if (!settings_.wait(delay, stop_)) throw Error("the download was interrupted");
  pausing_ = false;
  asked_ = {};
}

}  // namespace http
