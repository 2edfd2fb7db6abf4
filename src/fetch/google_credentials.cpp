#include "fetch/google_credentials.hpp"

#include <charconv>
#include <cstdlib>

#include "base/arena.hpp"
#include "base/files.hpp"
#include "base/format.hpp"
#include "base/json.hpp"
#include "base/percent.hpp"
#include "base/rsa_signature.hpp"
#include "base/signature.hpp"
#include "fetch/error.hpp"
#include "fetch/osv_bucket.hpp"

namespace fetch {
namespace {

using base::json::Value;

constexpr std::uint64_t largest_answer = std::uint64_t{1} << 20;
constexpr const char* jwt_grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr const char* scope = "https://www.googleapis.com/auth/devstorage.read_only";
constexpr const char* default_token_url = "https://oauth2.googleapis.com/token";
// Google's own libraries renew a token so long before its end.
constexpr std::chrono::seconds margin{225};

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string text_of(const Value& object, std::string_view name) {
  const Value* const value = object.find(name);
  return value == nullptr ? std::string() : std::string(value->text());
}

// Base64 with the alphabet for URLs and without padding (RFC 7515, appendix C).
std::string to_base64url(std::string_view bytes) {
  std::string text = base::to_base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

// A signed assertion of a service account
// (https://developers.google.com/identity/protocols/oauth2/service-account).
std::string assertion(const Value& key, const std::string& token_url) {
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  base::Arena arena;
  const auto number = [&](long long value) { return Value::number(arena.copy(std::to_string(value))); };
  base::json::ObjectBuilder header(arena);
  header.add("alg", "RS256")
      .add("typ", "JWT")
      .add_unless_empty("kid", Value::string(arena.copy(text_of(key, "private_key_id"))));
  base::json::ObjectBuilder claims(arena);
  claims.add("aud", token_url).add("exp", number(now + 3600)).add("iat", number(now));
  claims.add("iss", arena.copy(text_of(key, "client_email"))).add("scope", scope);
  const std::string text = to_base64url(base::json::write(header.finish())) + "." +
                           to_base64url(base::json::write(claims.finish()));
  return text + "." + to_base64url(base::rsa_sha256_sign(text_of(key, "private_key"), text));
}

std::string user_form(const Value& login) {
  const auto member = [&](const char* name) { return base::percent_encoded(text_of(login, name)); };
  return base::format("grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
                      member("client_id"), member("client_secret"), member("refresh_token"));
}

}  // namespace

GoogleIdentity google_identity() {
  return {variable("GOOGLE_APPLICATION_CREDENTIALS"), variable("GCE_METADATA_HOST")};
}

const std::string& GoogleCredentials::authorization(http::Client& client) {
  const bool nobody = identity_.file.empty() && identity_.metadata_host.empty();
  if (nobody || std::chrono::steady_clock::now() < renew_) return authorization_;
  authorization_ = identity_.file.empty() ? from_metadata_server(client) : from_file(client);
  return authorization_;
}

std::string GoogleCredentials::from_file(http::Client& client) {
  const std::string json = base::read_file(identity_.file, largest_answer);
  base::Arena arena;
  const base::json::Parsed parsed = base::json::parse(json, arena);
  const std::string type = parsed.error ? "" : text_of(parsed.value, "type");
  std::string url = text_of(parsed.value, "token_uri");
  if (url.empty()) url = default_token_url;
  std::string form;
  if (type == "service_account")
    form = base::format("grant_type={}&assertion={}", base::percent_encoded(jwt_grant),
                        assertion_of(parsed.value, url));
  else if (type == "authorized_user")
    form = user_form(parsed.value);
  else
    refuse("it holds neither a key of a service account nor the login of a user");
  return take_token(client.post(url, form, largest_answer), url);
}

std::string GoogleCredentials::assertion_of(const base::json::Value& key,
                                            const std::string& token_url) const {
  try {
    return assertion(key, token_url);
  } catch (const base::Error& error) {
    refuse(error.what());
  }
}

void GoogleCredentials::refuse(std::string_view reason) const {
  throw Error("unsupported", base::format("cannot use {} (GOOGLE_APPLICATION_CREDENTIALS): {}; for a public "
                                          "bucket unset the variable",
                                          identity_.file.native(), reason));
}

// https://cloud.google.com/compute/docs/access/authenticate-workloads#applications
std::string GoogleCredentials::from_metadata_server(http::Client& client) {
  const std::string url =
      base::format("http://{}/computeMetadata/v1/instance/service-accounts/default/token?scopes={}",
                   identity_.metadata_host, base::percent_encoded(scope));
  return take_token(client.get(url, largest_answer, {{"Metadata-Flavor", "Google"}}), url);
}

// {"access_token": "…", "expires_in": 3599, "token_type": "Bearer"} (RFC 6749, section 5.1).
std::string GoogleCredentials::take_token(const http::Response& answer, const std::string& origin) {
  base::Arena arena;
  const base::json::Parsed parsed = base::json::parse(answer.body, arena);
  const std::string token = parsed.error ? "" : text_of(parsed.value, "access_token");
  if (token.empty() || token.find_first_of("\r\n") != std::string::npos)
    throw http::Error(base::format("cannot use the answer of {}: it holds no access token", origin));
  const std::string digits = text_of(parsed.value, "expires_in");
  long seconds = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  renew_ = std::chrono::steady_clock::now() + std::chrono::seconds(seconds) - margin;
  return "Bearer " + token;
}

}  // namespace fetch
