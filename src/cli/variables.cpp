#include "cli/variables.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/files.hpp"
#include "base/format.hpp"
#include "cli/error.hpp"

namespace cli {

namespace {

constexpr std::array variables{
    Variable{"DATABASE_URL", true},
    Variable{"DB_DSN", true},
    Variable{"DB_HOST"},
    Variable{"DB_PORT"},
    Variable{"DB_NAME"},
    Variable{"DB_USER"},
    Variable{"DB_PASSWORD", true},
    Variable{"DB_SSL_MODE"},
    Variable{"DATABASE_DIRECT_URL", true},
    Variable{"IMPLICIT_EMBEDDED"},
    Variable{"DB_SCHEMA"},
    Variable{"DB_MAX_CONNS"},
    Variable{"DB_MIN_CONNS"},
    Variable{"REDIS_URL", true},
    Variable{"REDIS_ADDR"},
    Variable{"REDIS_PASSWORD", true},
    Variable{"REDIS_DB"},
    Variable{"DATA_DIR", false, true},
    Variable{"ENABLED_SOURCES"},
    Variable{"OSV_BUCKET"},
    Variable{"OSV_GCS_ENDPOINT"},
    Variable{"OSV_HTTP_URL"},
    Variable{"GITLAB_REPO_URL", true},
    Variable{"CVE_PROJECT_URL"},
    Variable{"CVE_RELEASES_URL"},
    Variable{"CVE_RAW_URL"},
    Variable{"SOURCE_MIRROR", true},
    Variable{"OSV_WORKERS"},
    Variable{"GITLAB_WORKERS"},
    Variable{"CVE_WORKERS"},
    Variable{"BATCH_SIZE"},
    Variable{"SYNC_INTERVAL"},
    Variable{"EXPORT_INTERVAL"},
    Variable{"RECONCILE_INTERVAL"},
    Variable{"SERVER_HOST"},
    Variable{"SERVER_PORT"},
    Variable{"API_TOKENS", true},
    Variable{"API_RATE_LIMIT"},
    Variable{"API_CORS_ORIGINS"},
    Variable{"API_CACHE_MIB"},
    Variable{"API_CACHE_REDIS_URL", true},
    Variable{"EXPORT_RETENTION"},
    Variable{"LOG_LEVEL"},
    Variable{"LOG_FORMAT"},
};

constexpr std::string_view file_ending = "_FILE";

// A name that a layer may hold: a variable's, or a secret's with _FILE.
const Variable* find_key(std::string_view key) {
  if (const Variable* variable = find_variable(key)) return variable;
  if (!key.ends_with(file_ending)) return nullptr;
  const Variable* const variable = find_variable(key.substr(0, key.size() - file_ending.size()));
  return variable != nullptr && variable->secret ? variable : nullptr;
}

// What Kubernetes sets in every container for each service of its namespace
// (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
bool is_from_kubernetes(std::string_view name, std::string_view value) {
  if (name.ends_with("_SERVICE_HOST") || name.ends_with("_SERVICE_PORT") ||
      name.find("_SERVICE_PORT_") != std::string_view::npos)
    return true;
  for (const std::string_view protocol : {"tcp", "udp", "sctp"})
    if (name.ends_with("_PORT") && value.starts_with(protocol) &&
        value.substr(protocol.size()).starts_with("://"))
      return true;
  // VULN_DATASYNC_PORT_8080_TCP, and that with _PROTO, _PORT or _ADDR.
  constexpr std::string_view marker = "_PORT_";
  const std::size_t at = name.find(marker);
  return at != std::string_view::npos && at + marker.size() < name.size() &&
         base::is_digit(name[at + marker.size()]);
}

std::string_view without_prefix(std::string_view name) {
  return name.substr(variable_prefix.size());
}

}  // namespace

const Variable* find_variable(std::string_view name) {
  const auto* const found =
      std::find_if(variables.begin(), variables.end(), [&](const Variable& one) { return one.name == name; });
  return found == variables.end() ? nullptr : found;
}

bool is_known_key(std::string_view name) {
  return find_key(name) != nullptr;
}

Layers environment_layers(const std::vector<std::pair<std::string, std::string>>& environment) {
  Layers layers;
  for (const auto& [name, value] : environment) {
    if (is_from_kubernetes(name, value)) continue;
    const bool prefixed = name.starts_with(variable_prefix);
    const std::string bare(prefixed ? without_prefix(name) : name);
    const Variable* const variable = find_key(bare);
    if (prefixed && variable == nullptr)
      throw UsageError(base::format(
          "unknown variable {} in the environment: .env.example lists all that there are", name));
    const bool is_ours = variable != nullptr && (prefixed || !variable->only_prefixed);
    if (is_ours && !value.empty())
      (prefixed ? layers.prefixed : layers.bare).emplace(bare, Value{value, name + " in the environment"});
  }
  return layers;
}

std::vector<std::pair<std::string, std::string>> process_environment() {
  std::vector<std::pair<std::string, std::string>> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = std::min(text.find('='), text.size());
    result.emplace_back(text.substr(0, equals), text.substr(std::min(equals + 1, text.size())));
  }
  return result;
}

namespace {

// Variables that libraries read from the environment themselves.
bool is_for_a_library(std::string_view name) {
  constexpr std::array<std::string_view, 13> names{
      "HTTP_PROXY",     "HTTPS_PROXY", "ALL_PROXY",        "NO_PROXY",      "http_proxy",
      "https_proxy",    "all_proxy",   "no_proxy",         "SSL_CERT_FILE", "SSL_CERT_DIR",
      "CURL_CA_BUNDLE", "TZ",          "GCE_METADATA_HOST"};
  return name.starts_with("PG") || name.starts_with("GOOGLE_") ||
         std::find(names.begin(), names.end(), name) != names.end();
}

// Reads the value of one dotenv line.
class DotenvValue {
 public:
  DotenvValue(std::string_view text, std::string where) : text_(text), where_(std::move(where)) {}

  std::string read() {
    skip_spaces();
    const char quote = text_.empty() ? '\0' : text_.front();
    if (quote == '"' || quote == '\'') {
      std::string value = quoted(quote);
      skip_spaces();
      if (!text_.empty() && text_.front() != '#') fail("text after the closing quote");
      return value;
    }
    const std::size_t comment = std::min(text_.find(" #"), text_.find("\t#"));
    std::string_view plain = text_.substr(0, comment);
    if (plain.starts_with('#')) plain = {};
    return std::string(plain.substr(0, plain.find_last_not_of(" \t\r") + 1));
  }

 private:
  void skip_spaces() { text_.remove_prefix(std::min(text_.find_first_not_of(" \t\r"), text_.size())); }

  std::string quoted(char quote) {
    std::string value;
    for (std::size_t i = 1; i < text_.size(); ++i) {
      if (text_[i] == quote) {
        text_.remove_prefix(i + 1);
        return value;
      }
      if (quote == '"' && text_[i] == '\\' && i + 1 < text_.size())
        value += unescaped(text_[++i]);
      else
        value += text_[i];
    }
    fail("no closing quote");
  }

  static char unescaped(char c) { return c == 'n' ? '\n' : c == 't' ? '\t' : c; }

  [[noreturn]] void fail(const char* why) const {
    throw UsageError(base::format("{} cannot be read: {}", where_, why));
  }

  std::string_view text_;
  std::string where_;
};

struct DotenvLine {
  std::string name;
  std::string value;
};

std::optional<DotenvLine> read_dotenv_line(std::string_view line, const std::string& where) {
  const auto trim_front = [&] { line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size())); };
  trim_front();
  if (line.empty() || line.front() == '#') return std::nullopt;
  if (line.starts_with("export ")) line.remove_prefix(7);
  trim_front();
  const std::size_t equals = line.find('=');
  const std::string_view name =
      line.substr(0, std::min(equals, line.find_last_not_of(" \t", equals - 1) + 1));
  const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return base::is_alphanumeric(c) || c == '_';
  });
  if (equals == std::string_view::npos || !is_name)
    throw UsageError(base::format("{} cannot be read: it is not NAME=VALUE", where));
  return DotenvLine{std::string(name), DotenvValue(line.substr(equals + 1), where).read()};
}

}  // namespace

Layers read_env_file(const std::filesystem::path& path,
                     std::vector<std::pair<std::string, std::string>>& foreign) {
  const std::string text = base::read_file(path);
  Layers layers;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string where = base::format("{} line {}", path.string(), ++number);
    const auto line = read_dotenv_line(std::string_view(text).substr(begin, end - begin), where);
    begin = end + 1;
    if (!line) continue;
    const bool prefixed = line->name.starts_with(variable_prefix);
    const std::string name(prefixed ? without_prefix(line->name) : line->name);
    const Variable* const variable = find_key(name);
    const Value value{line->value, base::format("{} in {}", line->name, where)};
    if (variable != nullptr && (prefixed || !variable->only_prefixed)) {
      // As in a shell, the last of several lines counts.
      if (!line->value.empty()) (prefixed ? layers.prefixed : layers.bare).insert_or_assign(name, value);
    } else if (is_for_a_library(line->name)) {
      foreign.emplace_back(line->name, line->value);
    } else {
      throw UsageError(
          base::format("unknown variable {}: .env.example lists all that there are", value.origin));
    }
  }
  return layers;
}

}  // namespace cli
