// vuln-datasync.toml: the settings as keys in lower case, lists as arrays, tables as a common beginning of
// names.
//
// toml++ 3.3 asserts that a key follows each '[', and reports that none does only then.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): this is how the library is told
#define TOML_ASSERT(expression) static_cast<void>(0)
#include "cli/config_file.hpp"

#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/ascii.hpp"
#include "base/files.hpp"
#include "base/format.hpp"
#include "base/log.hpp"
#include "cli/error.hpp"
#include "cli/variables.hpp"

namespace cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* config_name = "vuln-datasync.toml";

class Flattener {
 public:
  explicit Flattener(std::string file) : file_(std::move(file)) {}

  void add(const toml::table& table, const std::string& before) {
    for (const auto& [key, node] : table) {
      const std::string name =
          before.empty() ? std::string(key.str()) : before + "_" + std::string(key.str());
      if (const toml::table* inner = node.as_table())
        add(*inner, name);
      else
        add_value(name, node);
    }
  }

  Layer layer() { return std::move(layer_); }

 private:
  void add_value(const std::string& key, const toml::node& node) {
    const std::string where = base::format("{} line {}", file_, node.source().begin.line);
    const std::string name = base::uppered(key);
    if (std::any_of(key.begin(), key.end(), base::is_upper) || !is_known_key(name))
      throw UsageError(
          base::format("unknown key {} in {}: the keys are the names of .env.example in lower case, "
                       "without VULN_DATASYNC_",
                       key, where));
    const auto text = text_of(node);
    if (!text)
      throw UsageError(base::format("{} in {} is neither a text, a number nor a list of texts", key, where));
    if (text->empty()) return;
    if (!layer_.emplace(name, Value{*text, base::format("{} in {}", key, where)}).second)
      throw UsageError(base::format("{} stands twice, the second time in {}", key, where));
  }

  static std::optional<std::string> text_of(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
    const toml::array* const array = node.as_array();
    if (array == nullptr) return std::nullopt;
    std::string list;
    for (const toml::node& item : *array) {
      const auto text = item.value_exact<std::string>();
      if (!text) return std::nullopt;
      list += (list.empty() ? "" : ",") + *text;
    }
    return list;
  }

  std::string file_;
  Layer layer_;
};

// A configuration file in the working directory can point us at any server, so it has to be ours to be
// trusted.
bool is_trusted(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;
  if (status.st_uid == 0 || status.st_uid == ::geteuid()) return true;
  base::log::warn("passing over a configuration file of another user; name it with --config to use it",
                  {{"file", path.string()}});
  return false;
}

}  // namespace

Layer read_config_file(const std::filesystem::path& path) {
  const std::string text = base::read_file(path);
  try {
    Flattener flattener(path.string());
    flattener.add(toml::parse(text), "");
    return flattener.layer();
  } catch (const toml::parse_error& error) {
    throw UsageError(base::format("{} line {} cannot be read: {}", path.string(), error.source().begin.line,
                                  error.description()));
  }
}

std::optional<fs::path> default_config_file() {
  if (is_trusted(config_name)) return config_name;
  const char* const xdg = std::getenv("XDG_CONFIG_HOME");
  const char* const home = std::getenv("HOME");
  fs::path own;
  if (xdg != nullptr && *xdg == '/')
    own = xdg;
  else if (home != nullptr && *home != '\0')
    own = fs::path(home) / ".config";
  std::error_code ignored;
  for (const fs::path& directory : {own, fs::path("/etc")}) {
    const fs::path path = directory / "vuln-datasync" / config_name;
    if (!directory.empty() && fs::exists(path, ignored)) return path;
  }
  return std::nullopt;
}

}  // namespace cli
