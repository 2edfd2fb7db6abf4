// Every setting by its name, and the places it may come from.
//
// A setting has one name everywhere: DB_HOST is DB_HOST or VULN_DATASYNC_DB_HOST in the environment and in an
// env file, and db_host (or host in a table [db]) in the configuration file. A secret also has
// DB_PASSWORD_FILE, which names a file that holds it. An empty value is as none.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

struct Variable {
  std::string_view name;
  bool secret = false;         // never shown, and may come from a file
  bool only_prefixed = false;  // its bare name is too general to be ours
};

/// The variable of that bare name, or nullptr.
const Variable* find_variable(std::string_view name);

/// Whether a place may hold that name: a variable's, or a secret's followed by _FILE.
bool is_known_key(std::string_view name);

constexpr std::string_view variable_prefix = "VULN_DATASYNC_";

struct Value {
  std::string text;
  std::string origin;  // "DB_PORT in the environment", ".env line 3": for messages
};

/// Names and values that stand in one place.
using Layer = std::map<std::string, Value, std::less<>>;

/// The names with the prefix, which win over all bare ones, and the bare ones.
struct Layers {
  Layer prefixed;
  Layer bare;
};

/// Our variables among those of an environment. Bare names that are not ours are others' business; a prefixed
/// one that is not is a UsageError. What Kubernetes injects for services (DB_PORT=tcp://10.0.0.1:5432,
/// VULN_DATASYNC_SERVICE_HOST, ...) is passed over.
Layers environment_layers(const std::vector<std::pair<std::string, std::string>>& environment);

/// The environment of this process.
std::vector<std::pair<std::string, std::string>> process_environment();

/// The variables of a dotenv file: KEY=VALUE lines, `export ` before them, comments, values in single quotes
/// (verbatim) or double quotes (\n, \t, \", \\, \$). Throws UsageError naming file and line for anything
/// else, and for names that are neither ours nor for the libraries (PG*, proxies, certificates), which are
/// collected in `foreign`.
Layers read_env_file(const std::filesystem::path& path,
                     std::vector<std::pair<std::string, std::string>>& foreign);

/// The keys of a TOML file. Throws UsageError naming file, line and key.
Layer read_config_file(const std::filesystem::path& path);

}  // namespace cli
