// One attempt at one request, over libcurl. Nothing outside this room includes this.
#pragma once

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "http/client.hpp"

namespace http {

/// The failure of one attempt, and how long the server asks us to stay away.
class AttemptFailed : public Error {
 public:
  AttemptFailed(const std::string& message, int status, Retry retry, std::chrono::seconds retry_after = {})
      : Error(message, status, retry), retry_after_(retry_after) {}
  std::chrono::seconds retry_after() const { return retry_after_; }

 private:
  std::chrono::seconds retry_after_;
};

struct Attempt {
  std::string url;
  std::vector<Field> fields = {};
  /// The body of a POST (application/x-www-form-urlencoded); none makes it a GET.
  std::optional<std::string> form = {};
  /// Called once, before the body of an answer of status 200 or 206; false ends the transfer well.
  std::function<bool(int status, const Headers&)> on_header = {};
  /// Called with each piece of that body.
  std::function<void(std::string_view)> on_body = {};
};

struct Answer {
  int status = 0;
  Headers headers;
  bool wanted = true;  // false: on_header ended it
};

struct CloseEasy {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct CloseMulti {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};

class Receiver;

/// One attempt on a handle of libcurl, which can be used for one after the other.
class Exchange {
 public:
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  using FieldList = std::unique_ptr<curl_slist, FreeList>;

  Exchange();
  ~Exchange();

  /// Makes the handle ready for `attempt`, which must outlive it.
  void prepare(const Attempt& attempt, const Settings& settings);
  CURL* easy() const { return easy_.get(); }
  /// After the transfer: returns answers of status 200, 206 and 304; throws AttemptFailed for every other
  /// status and every other failure, and what the callbacks threw.
  Answer finish(CURLcode code);

 private:
  std::unique_ptr<CURL, CloseEasy> easy_;
  const Attempt* attempt_ = nullptr;
  std::unique_ptr<Receiver> receiver_;
  FieldList fields_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
};

/// A connection cache with one transfer at a time.
class Connections {
 public:
  Connections();

  /// Makes one attempt; returns and throws as Exchange::finish() does.
  Answer run(const Attempt& attempt, const Settings& settings, const std::stop_token& stop);

  /// For those who run several transfers over the same connections.
  CURLM* multi() const { return multi_.get(); }

 private:
  CURLcode transfer(const std::stop_token& stop);

  // The multi handle owns the connections and goes last.
  std::unique_ptr<CURLM, CloseMulti> multi_;
  Exchange exchange_;
};

}  // namespace http
