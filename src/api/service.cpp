#include "api/service.hpp"

#include <algorithm>
#include <random>

#include "api/conditional.hpp"
#include "api/encoding.hpp"
#include "api/target.hpp"
#include "api/vulnerabilities.hpp"
#include "base/ascii.hpp"
#include "base/format.hpp"
#include "base/log.hpp"

namespace api {

namespace {

std::string random_prefix() {
  std::random_device random;
  return base::format("{:08x}", random());
}

// An id that a proxy gave, so that its log and ours can be joined.
bool is_request_id(std::string_view text) {
  const auto is_good = [](char c) { return base::is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), is_good);
}

// A proxy on this machine names its client; what others say of themselves counts for nothing.
std::string client_behind(const Request& request) {
  const std::string* const forwarded = request.field("x-forwarded-for");
  if (!request.is_loopback || forwarded == nullptr) return client_of(request.peer);
  const std::size_t comma = forwarded->find_last_of(',');
  std::string_view last = std::string_view(*forwarded).substr(comma == std::string::npos ? 0 : comma + 1);
  last.remove_prefix(std::min(last.find_first_not_of(" \t"), last.size()));
  return client_of(last.substr(0, 64));
}

// Whoever watches the process is not to take it for dead because others ask much.
bool is_probe(std::string_view target) {
  return target == "/livez" || target == "/readyz";
}

Response database_failure(const pg::Error& error) {
  if (error.sqlstate() == "57014")
    return error_response(503, "too_slow", "the database took too long; ask for less, with more filters");
  if (error.sqlstate() == "42P01" || error.sqlstate() == "3F000")
    return error_response(503, "no_schema", "the database is not migrated: run 'vuln-datasync migrate up'");
  Response response =
      error_response(503, "database_unavailable", "the database cannot be asked now; try again");
  response.set("Retry-After", "2");
  return response;
}

}  // namespace

bool is_loopback(std::string_view address) {
  return address == "::1" || address == "localhost" || address.starts_with("127.") ||
         address.starts_with("::ffff:127.");
}

Service::Service(const Settings& settings)
    : backend_(settings),
      tokens_(settings.tokens, settings.tokens_file),
      rate_limit_(settings.limits.rate),
      id_prefix_(random_prefix()) {
  if (!is_loopback(settings.host) && tokens_.empty() && !settings.insecure)
    throw base::Error(
        "anybody who reaches " + settings.host +
        " could start jobs: set API_TOKENS or API_TOKENS_FILE, listen on 127.0.0.1, or say --insecure");
}

Service::Begun Service::begin(Request& request) {
  Begun begun;
  begun.at = Clock::now();
  try {
    const std::string* const given = request.field("x-request-id");
    request.id =
        given != nullptr && is_request_id(*given) ? *given : base::format("{}-{}", id_prefix_, ++next_id_);
    admit(request);
    if (request.method == "OPTIONS" && request.target == "*") {  // of the server as a whole
      begun.response = options(request, "GET, HEAD, POST, OPTIONS");
      return begun;
    }
    Target target = parse_target(request.target);
    request.query = std::move(target.query);
    if (request.method == "OPTIONS") {
      begun.response = options(request, allowed_methods(target.segments));
      return begun;
    }
    begun.route = &find_route(request, target.segments);
    check_parameters(*begun.route, request);
    if (begun.route->writes) authorize(request);
    const bool is_plain_lookup = begun.route->runs == Runs::lookup && !wants_explanation(request);
    begun.runs = begun.route->runs == Runs::lookup && !is_plain_lookup ? Runs::work : begun.route->runs;
  } catch (const Refusal& refusal) {
    begun.response = refusal.response();
  }
  return begun;
}

void Service::admit(Request& request) {
  if (request.target.size() > settings().limits.target_bytes)
    throw Refusal(414, "target_too_long",
                  base::format("the address is longer than {} bytes", settings().limits.target_bytes));
  if (settings().limits.rate <= 0 || is_probe(request.target)) return;
  const int wait = rate_limit_.take(client_behind(request), Clock::now());
  if (wait == 0) return;
  Response response = error_response(429, "too_many_requests",
                                     base::format("more than {} requests a second", settings().limits.rate));
  response.set("Retry-After", std::to_string(wait));
  throw Refusal(std::move(response));
}

void Service::authorize(const Request& request) const {
  if (tokens_.empty()) {
    // Pages of other sites can make a browser on this machine send requests here, and they say whose they
    // are.
    const std::string* const origin = request.field("origin");
    if (origin != nullptr && !is_allowed_origin(*origin))
      throw Refusal(403, "foreign_origin", "pages of other sites may not write here without a token");
    return;
  }
  constexpr std::string_view scheme = "bearer ";
  const std::string* const given = request.field("authorization");
  const bool is_bearer = given != nullptr && given->size() > scheme.size() &&
                         base::equal_ignoring_case(std::string_view(*given).substr(0, scheme.size()), scheme);
  if (is_bearer && tokens_.accept(std::string_view(*given).substr(scheme.size()))) return;
  Response response = error_response(401, "unauthorized",
                                     given == nullptr ? "writing needs a token: 'Authorization: Bearer TOKEN'"
                                                      : "this token is not one of API_TOKENS");
  response.set("WWW-Authenticate", given == nullptr ? "Bearer" : "Bearer error=\"invalid_token\"");
  throw Refusal(std::move(response));
}

bool Service::is_allowed_origin(const std::string& origin) const {
  const auto& origins = settings().cors_origins;
  return std::find(origins.begin(), origins.end(), origin) != origins.end() ||
         std::find(origins.begin(), origins.end(), "*") != origins.end();
}

void Service::add_cors(const Request& request, Response& response) const {
  if (settings().cors_origins.empty()) return;
  response.set("Vary", "Origin");
  const std::string* const origin = request.field("origin");
  if (origin == nullptr || !is_allowed_origin(*origin)) return;
  response.set("Access-Control-Allow-Origin", *origin);
  response.set("Access-Control-Expose-Headers", "ETag, X-Request-Id, Retry-After, Content-Range");
}

Response Service::options(const Request& request, std::string allow) const {
  Response response{.status = 204};
  if (allow.empty()) throw Refusal(404, "no_such_address", "nothing is here; /openapi.json lists what is");
  const std::string* const origin = request.field("origin");
  if (origin != nullptr && is_allowed_origin(*origin)) {
    response.set("Access-Control-Allow-Methods", allow);
    response.set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match, Range");
    response.set("Access-Control-Max-Age", "3600");
  }
  response.set("Allow", std::move(allow));
  return response;
}

Response Service::run(const Route& route, const Request& request) noexcept {
  try {
    return route.handler(backend_, request);
  } catch (...) {
    return failed(request, std::current_exception());
  }
}

Response Service::run(const Route&, const Request& request, const FoundPtr& found) noexcept {
  try {
    return vulnerability_response(request, found);
  } catch (...) {
    return failed(request, std::current_exception());
  }
}

Response Service::failed(const Request& request, const std::exception_ptr& failure) noexcept {
  try {
    std::rethrow_exception(failure);
  } catch (const Refusal& refusal) {
    return refusal.response();
  } catch (const pg::Error& error) {
    base::log::warn("request failed", {{"request", request.id}, {"error", error.what()}});
    return database_failure(error);
  } catch (const std::exception& error) {
    base::log::error("request failed",
                     {{"request", request.id}, {"target", request.target}, {"error", error.what()}});
    return error_response(500, "internal_error",
                          "this is a bug; the log has the details under the request's id");
  }
}

void Service::finish(const Request& request, const Begun& begun, Response& response) noexcept {
  try {
    const Coding coding = negotiate(request, response);
    evaluate_conditions(request, response);
    encode(coding, response);
    add_cors(request, response);
    response.set("X-Request-Id", request.id);
    const auto duration = Clock::now() - begun.at;
    const std::string_view pattern = begun.route == nullptr ? std::string_view() : begun.route->pattern;
    backend_.http_metrics().count(pattern, request.method, response.status, duration);
    using base::log::Level;
    const Level level = response.status >= 500                               ? Level::warn
                        : request.method == "POST" || response.status == 429 ? Level::info
                                                                             : Level::debug;
    if (!base::log::enabled(level)) return;
    base::log::write(level, "request",
                     {{"request", request.id},
                      {"client", client_behind(request)},
                      {"method", request.method},
                      {"target", request.target},
                      {"status", response.status},
                      {"bytes", response.content().size()},
                      {"seconds", std::chrono::duration<double>(duration).count()}});
  } catch (const std::exception& error) {
    base::log::error("finishing an answer", {{"request", request.id}, {"error", error.what()}});
  }
}

Response Service::answer(Request request) {
  Begun begun = begin(request);
  Response response;
  if (begun.response) {
    response = *begun.response;
  } else if (begun.runs == Runs::lookup) {
    try {
      response = run(*begun.route, request, backend_.lookups().find(request.variable("id")));
    } catch (...) {
      response = failed(request, std::current_exception());
    }
  } else {
    response = run(*begun.route, request);
  }
  finish(request, begun, response);
  return response;
}

}  // namespace api
