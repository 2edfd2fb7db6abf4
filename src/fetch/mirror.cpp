#include "fetch/mirror.hpp"

#include "base/files.hpp"
#include "base/format.hpp"
#include "fetch/git_source.hpp"
#include "fetch/zip_source.hpp"

namespace fetch {
namespace {

namespace fs = std::filesystem;

fs::file_type type_of(const fs::path& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::none) throw base::FileError("look at", path, error.value());
  return type;
}

Fetched open_zip_part(const Request& request, const fs::path& path, const ZipLayout& layout) {
  if (type_of(path) == fs::file_type::not_found) return {};
  return open_zip_source(request, path, layout);
}

Fetched open_cve(const Request& request, const fs::path& directory) {
  Fetched result = open_zip_part(request, directory / "main.zip", cve_layout());
  // The mirror may be older than the log of changes that was followed before: that ends here.
  if (result.state == Fetched::State::full) result.watermark = "";
  return result;
}

Fetched open_gitlab(const Request& request, const fs::path& directory) {
  const fs::path bundle = directory / "advisories.bundle";
  if (type_of(directory) == fs::file_type::not_found) return {};
  if (const auto repository = GitRepository::find(directory))
    return open_git_repository(request, *repository, is_gitlab_advisory);
  if (type_of(bundle) != fs::file_type::not_found)
    return open_git_bundle(request, bundle, is_gitlab_advisory);
  if (fs::is_directory(directory) && fs::is_empty(directory)) return {};
  throw Error("no_repository",
              base::format("cannot use {}: it is no git repository and holds no advisories.bundle",
                           directory.native()));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Resolves %XX (RFC 3986, section 2.1); anything else stands for itself.
std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      result += text[i];
      continue;
    }
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

}  // namespace

Fetched open_mirror(const Request& request, const fs::path& mirror) {
  if (type_of(mirror) != fs::file_type::directory)
    throw Error("unreadable",
                base::format("cannot use the mirror {}: it is not a directory", mirror.native()));
  if (request.source == "osv") return open_zip_part(request, mirror / "osv" / "all.zip", osv_layout());
  if (request.source == "cve") return open_cve(request, mirror / "cve");
  if (request.source == "gitlab") return open_gitlab(request, mirror / "gitlab");
  throw Error("unsupported",
              base::format("cannot fetch {}: a mirror knows osv, gitlab and cve", request.source));
}

fs::path mirror_directory(std::string_view argument) {
  constexpr std::string_view scheme = "file://";
  if (argument.starts_with(scheme)) {
    std::string_view rest = argument.substr(scheme.size());
    if (constexpr std::string_view host = "localhost/"; rest.starts_with(host))
      rest.remove_prefix(host.size() - 1);
    if (!rest.starts_with('/'))
      throw Error("unsupported",
                  base::format("cannot use the mirror {}: a file URL needs an absolute path, as in "
                               "file:///srv/mirror",
                               argument));
    return percent_decoded(rest);
  }
  if (argument.find("://") != std::string_view::npos)
    throw Error("unsupported",
                base::format("cannot use the mirror {}: give a directory or a file:// URL", argument));
  return argument;
}

}  // namespace fetch
