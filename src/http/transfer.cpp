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

namespace http {
namespace {

constexpr long most_redirects = 5;
constexpr std::size_t longest_error_body = std::size_t{64} << 10;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using FieldList = std::unique_ptr<curl_slist, FreeList>;

void append(FieldList& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

// The bytes that arrive, on their way from libcurl's callbacks to the caller's. An exception must not pass
// through libcurl: it waits here.
class Receiver {
 public:
  Receiver(const Attempt& attempt, CURL* easy) : attempt_(attempt), easy_(easy) {}

  static std::size_t header_callback(char* data, std::size_t size, std::size_t count, void* self) {
    static_cast<Receiver*>(self)->take_header({data, size * count});
    return size * count;
  }
  static std::size_t body_callback(char* data, std::size_t size, std::size_t count, void* self) {
    return static_cast<Receiver*>(self)->guarded_body({data, size * count}) ? size * count : 0;
  }

  int status() const {
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
  }
  bool has_body_for_caller() const { return status() == 200 || status() == 206; }
  bool ended_by_caller() const { return seen_header_ && !wanted_; }
  std::exception_ptr error() const { return error_; }
  Headers take_headers() { return std::move(headers_); }

  /// For an answer without a body, which never reached the body callback.
  void show_header() {
    if (seen_header_ || !has_body_for_caller()) return;
    seen_header_ = true;
    if (attempt_.on_header) wanted_ = attempt_.on_header(status(), headers_);
  }

 private:
  void take_header(std::string_view line) {
    // Each answer of a chain of redirects begins with its status line.
    if (line.starts_with("HTTP/")) return headers_.clear();
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    constexpr std::string_view blanks = " \t\r\n";
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(blanks), value.size()));
    value = value.substr(0, value.find_last_not_of(blanks) + 1);
    headers_.add(name, value);
  }

  bool guarded_body(std::string_view bytes) {
    try {
      if (!has_body_for_caller()) {
        ignored_ += bytes.size();
        return ignored_ <= longest_error_body;
      }
      show_header();
      if (wanted_ && attempt_.on_body) attempt_.on_body(bytes);
      return wanted_;
    } catch (...) {
      error_ = std::current_exception();
      return false;
    }
  }

  const Attempt& attempt_;
  CURL* easy_;
  Headers headers_;
  std::exception_ptr error_;
  std::size_t ignored_ = 0;
  bool seen_header_ = false;
  bool wanted_ = true;
};

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

Connections::Connections() {
  initialize_once();
  multi_.reset(curl_multi_init());
  easy_.reset(curl_easy_init());
  if (multi_ == nullptr || easy_ == nullptr) throw std::bad_alloc();
}

Answer Connections::run(const Attempt& attempt, const Settings& settings, const std::stop_token& stop) {
  CURL* const easy = easy_.get();
  curl_easy_reset(easy);
  Receiver receiver(attempt, easy);
  FieldList fields;
  for (const auto& [name, value] : attempt.fields) append(fields, base::format("{}: {}", name, value));
  std::array<char, CURL_ERROR_SIZE> detail{};
  const std::string agent = base::format("vuln-datasync/{} (vulnerability data synchroniser)", base::version);
  set(easy, CURLOPT_URL, attempt.url.c_str());
  set(easy, CURLOPT_USERAGENT, agent.c_str());
  set(easy, CURLOPT_HTTPHEADER, fields.get());
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_ERRORBUFFER, detail.data());
  set(easy, CURLOPT_HEADERFUNCTION, &Receiver::header_callback);
  set(easy, CURLOPT_HEADERDATA, &receiver);
  set(easy, CURLOPT_WRITEFUNCTION, &Receiver::body_callback);
  set(easy, CURLOPT_WRITEDATA, &receiver);
  set_patience(easy, settings);
  set_safety(easy, attempt.url);
  const CURLcode code = transfer(stop);
  const int status = receiver.status();
  if (stop.stop_requested())
    throw Error(base::format("cannot fetch {}: interrupted", base::redact(attempt.url)));
  if (receiver.error()) std::rethrow_exception(receiver.error());
  const bool complete = code == CURLE_OK || receiver.ended_by_caller();
  const bool refused = code == CURLE_WRITE_ERROR && !receiver.has_body_for_caller();
  if (!complete && !refused) throw transfer_failed(attempt, code, detail.data());
  if (!is_expected(status)) throw status_failed(attempt, status, easy);
  receiver.show_header();
  return {status, receiver.take_headers(), !receiver.ended_by_caller()};
}

// Through a multi handle, because only there a stop request can wake up whatever libcurl waits for.
CURLcode Connections::transfer(const std::stop_token& stop) {
  CURLM* const multi = multi_.get();
  CURL* const easy = easy_.get();
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
