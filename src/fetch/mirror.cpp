#include "fetch/mirror.hpp"

#include "base/files.hpp"
#include "base/format.hpp"
#include "base/percent.hpp"
#include "base/redact.hpp"
#include "fetch/git_source.hpp"
#include "fetch/mirror_copy.hpp"
#include "fetch/mirror_parts.hpp"

namespace fetch {
namespace {

namespace fs = std::filesystem;

Fetched open_directory(const Request& request, const fs::path& mirror) {
  if (request.source == "osv") return open_mirror_osv(request, mirror / "osv");
  if (request.source == "cve") return open_mirror_cve(request, mirror / "cve");
  if (request.source == "gitlab") return open_mirror_gitlab(request, mirror / "gitlab");
  throw Error("unsupported",
              base::format("cannot fetch {}: a mirror knows osv, gitlab and cve", request.source));
}

}  // namespace

KnownFiles known_files(const Request& request) {
  return {request.cache / "fingerprints", request.full};
}

bool is_there(const fs::path& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::none) throw base::FileError("look at", path, error.value());
  return type != fs::file_type::not_found;
}

Fetched open_mirror_gitlab(const Request& request, const fs::path& directory) {
  const fs::path bundle = directory / "advisories.bundle";
  if (!is_there(directory)) return {};
  if (const auto repository = GitRepository::find(directory))
    return open_git_repository(request, *repository, is_gitlab_advisory);
  if (is_there(bundle)) return open_git_bundle(request, bundle, is_gitlab_advisory);
  if (fs::is_directory(directory) && fs::is_empty(directory)) return {};
  throw Error("no_repository",
              base::format("cannot use {}: it is no git repository and holds no advisories.bundle",
                           directory.native()));
}

Fetched open_mirror(const Request& request, const std::string& address, const http::Settings& http) {
  if (is_web_mirror(address)) {
    const MirrorCopy copy = copy_mirror_part(request, address, http);
    if (!copy.is_there) return {};
    Fetched result = open_directory(request, copy.directory);
    result.bytes_fetched = copy.bytes;
    return result;
  }
  const fs::path mirror = mirror_directory(address);
  std::error_code ignored;
  if (is_there(mirror) && fs::is_directory(mirror, ignored)) return open_directory(request, mirror);
  throw Error("unreadable", base::format("cannot use the mirror {}: it is not a directory", mirror.native()));
}

bool is_web_mirror(std::string_view address) {
  return address.starts_with("http://") || address.starts_with("https://");
}

bool is_mirror_address(std::string_view address) {
  if (is_web_mirror(address)) return true;
  try {
    return !mirror_directory(address).empty();
  } catch (const Error&) {
    return false;
  }
}

fs::path mirror_directory(std::string_view address) {
  constexpr std::string_view scheme = "file://";
  if (address.starts_with(scheme)) {
    std::string_view rest = address.substr(scheme.size());
    if (constexpr std::string_view host = "localhost/"; rest.starts_with(host))
      rest.remove_prefix(host.size() - 1);
    if (!rest.starts_with('/'))
      throw Error("unsupported",
                  base::format("cannot use the mirror {}: a file URL needs an absolute path, as in "
                               "file:///srv/mirror",
                               base::redact(address)));
    return base::percent_decoded(rest);
  }
  if (address.find("://") != std::string_view::npos)
    throw Error("unsupported",
                base::format("cannot use the mirror {}: give a directory, a file:// or an http(s):// URL",
                             base::redact(address)));
  return address;
}

}  // namespace fetch
