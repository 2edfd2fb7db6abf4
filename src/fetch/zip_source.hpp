// A source that is one zip archive.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "fetch/source.hpp"
#include "fetch/zip_directory.hpp"

namespace fetch {

/// What the archive of a source looks like.
struct ZipLayout {
  ZipSelect select;
  /// Locations start behind the last slash that begins this text ("/cves/"), without it at the whole entry
  /// name: the folder above bears the name of a branch or a release and is no property of a record.
  std::string_view root;
  /// The archive may hold nothing but another archive, as the daily CVE releases do.
  bool may_be_wrapped = false;
};

ZipLayout osv_layout();
ZipLayout cve_layout();

/// The records of the archive `path`. Throws Error, `empty` where no entry is a record.
std::unique_ptr<const Collection> open_zip_records(const Request& request, const std::filesystem::path& path,
                                                   const ZipLayout& layout);

}  // namespace fetch
