#include "http/transfer.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <new>
#include <utility>

#include "base/format.hpp"
#include "base/redact.hpp"
#include "base/version.hpp"
#include "http/receiver.hpp"

namespace http {
namespace {

constexpr long most_redirects = 5;

void append(Exchange::FieldList& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  if (code != CURLE_OK)
    throw Error(base::format("cannot prepare a request: {} (libcurl option {})", curl_easy_strerror(code),
                             static_cast<int>(option)));
}

void set_patience(CURL* easy, const Settings& settings) {
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout.count()));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, settings.stall_bytes);
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(settings.stall_timeout.count()));
  set(easy, CURLOPT_TIMEOUT, static_cast<long>(settings.total_timeout.count()));
}

void set_safety(CURL* easy, std::string_view url) {
  const char* const protocols = url.starts_with("https:") ? "https" : "http,https";
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
  set(easy, CURLOPT_FOLLOWLOCATION, 1L);
  set(easy, CURLOPT_MAXREDIRS, most_redirects);
  // libcurl verifies peer and host unless told otherwise. These two variables are what curl and OpenSSL call
  // a bundle of certificates, such as one with that of a company's proxy.
  for (const char* variable : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"})
    if (const char* const file = std::getenv(variable); file != nullptr && *file != '\0')
      set(easy, CURLOPT_CAINFO, file);
}

void initialize_once() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK)
    throw Error(base::format("cannot start the HTTP client: {}", curl_easy_strerror(code)));
}

bool may_pass(CURLcode code) {
  constexpr std::array<CURLcode, 14> temporary = {CURLE_COULDNT_RESOLVE_PROXY,
                                                  CURLE_COULDNT_RESOLVE_HOST,
                                                  CURLE_COULDNT_CONNECT,
                                                  CURLE_PARTIAL_FILE,
                                                  CURLE_OPERATION_TIMEDOUT,
                                                  CURLE_GOT_NOTHING,
                                                  CURLE_SEND_ERROR,
                                                  CURLE_RECV_ERROR,
                                                  CURLE_HTTP2,
                                                  CURLE_HTTP2_STREAM,
                                                  CURLE_SSL_CONNECT_ERROR,
                                                  CURLE_WEIRD_SERVER_REPLY,
                                                  CURLE_PROXY,
                                                  CURLE_AGAIN};
  return std::find(temporary.begin(), temporary.end(), code) != temporary.end();
}

AttemptFailed transfer_failed(const Attempt& attempt, CURLcode code, const char* detail) {
  const std::string reason = *detail != '\0' ? detail : curl_easy_strerror(code);
  return {base::format("cannot fetch {}: {}", base::redact(attempt.url), reason), 0,
          may_pass(code) ? Error::Retry::yes : Error::Retry::no};
}

std::string_view meaning(int status) {
  switch (status) {
    case 401:
    case 403:
      return " (access refused)";
    case 404:
      return " (not found)";
    case 407:
      return " (the proxy wants a login)";
    case 412:
      return " (it has changed meanwhile)";
    case 429:
      return " (too many requests)";
    case 503:
      return " (unavailable for now)";
    default:
      return "";
  }
}

AttemptFailed status_failed(const Attempt& attempt, int status, CURL* easy) {
  constexpr std::array<int, 7> temporary = {408, 425, 429, 500, 502, 503, 504};
  const bool retry = std::find(temporary.begin(), temporary.end(), status) != temporary.end();
  // Seconds or a date (RFC 9110, section 10.2.3): libcurl reads both.
  curl_off_t retry_after = 0;
  curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after);
  return {base::format("cannot fetch {}: the server answered with status {}{}", base::redact(attempt.url),
                       status, meaning(status)),
          status, retry ? Error::Retry::yes : Error::Retry::no, std::chrono::seconds(retry_after)};
}

bool is_expected(int status) {
  return status == 200 || status == 206 || status == 304;
}

}  // namespace

Exchange::Exchange() {
  initialize_once();
  easy_.reset(curl_easy_init());
  if (easy_ == nullptr) throw std::bad_alloc();
}

Exchange::~Exchange() = default;

void Exchange::prepare(const Attempt& attempt, const Settings& settings) {
  CURL* const easy = easy_.get();
  curl_easy_reset(easy);
  attempt_ = &attempt;
  receiver_ = std::make_unique<Receiver>(attempt, easy);
  detail_.fill('\0');
  fields_.reset();
  for (const auto& [name, value] : attempt.fields) append(fields_, base::format("{}: {}", name, value));
  const std::string agent = base::format("vuln-datasync/{} (vulnerability data synchroniser)", base::version);
  set(easy, CURLOPT_URL, attempt.url.c_str());
  set(easy, CURLOPT_USERAGENT, agent.c_str());
  set(easy, CURLOPT_HTTPHEADER, fields_.get());
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_ERRORBUFFER, detail_.data());
  set(easy, CURLOPT_HEADERFUNCTION, &Receiver::header_callback);
  set(easy, CURLOPT_HEADERDATA, receiver_.get());
  set(easy, CURLOPT_WRITEFUNCTION, &Receiver::body_callback);
  set(easy, CURLOPT_WRITEDATA, receiver_.get());
  if (attempt.form) {
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(attempt.form->size()));
    set(easy, CURLOPT_POSTFIELDS, attempt.form->c_str());
  }
  set_patience(easy, settings);
  set_safety(easy, attempt.url);
}

Answer Exchange::finish(CURLcode code) {
  const int status = receiver_->status();
  if (receiver_->error()) std::rethrow_exception(receiver_->error());
  const bool complete = code == CURLE_OK || receiver_->ended_by_caller();
  const bool refused = code == CURLE_WRITE_ERROR && !receiver_->has_body_for_caller();
  if (!complete && !refused) throw transfer_failed(*attempt_, code, detail_.data());
  if (!is_expected(status)) throw status_failed(*attempt_, status, easy_.get());
  receiver_->show_header();
  return {status, receiver_->take_headers(), !receiver_->ended_by_caller()};
}

Connections::Connections() {
  multi_.reset(curl_multi_init());
  if (multi_ == nullptr) throw std::bad_alloc();
}

Answer Connections::run(const Attempt& attempt, const Settings& settings, const std::stop_token& stop) {
  exchange_.prepare(attempt, settings);
  const CURLcode code = transfer(stop);
  if (stop.stop_requested())
    throw Error(base::format("cannot fetch {}: interrupted", base::redact(attempt.url)));
  return exchange_.finish(code);
}

// Through a multi handle, because only there a stop request can wake up whatever libcurl waits for.
CURLcode Connections::transfer(const std::stop_token& stop) {
  CURLM* const multi = multi_.get();
  CURL* const easy = exchange_.easy();
  if (curl_multi_add_handle(multi, easy) != CURLM_OK) return CURLE_FAILED_INIT;
  const std::stop_callback wake(stop, [multi] { curl_multi_wakeup(multi); });
  CURLcode result = CURLE_ABORTED_BY_CALLBACK;
  int running = 1;
  while (!stop.stop_requested()) {
    if (curl_multi_perform(multi, &running) != CURLM_OK) break;
    if (running == 0) {
      int left = 0;
      if (const CURLMsg* const message = curl_multi_info_read(multi, &left)) result = message->data.result;
      break;
    }
    curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  curl_multi_remove_handle(multi, easy);
  return result;
}

}  // namespace http
