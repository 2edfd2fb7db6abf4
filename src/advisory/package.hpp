// Names of packages: when two spellings mean the same package.
#pragma once

#include <string_view>

#include "base/arena.hpp"

namespace advisory {

/// The ecosystem without its suffix, which begins at the first ':' ("Debian:12" gives "Debian";
/// https://ossf.github.io/osv-schema/#affectedpackage-field).
std::string_view ecosystem_base(std::string_view ecosystem);

/// `name` in the one spelling that stands for all spellings its registry takes as the same package;
/// `ecosystem` may have a suffix. A view of `name` where nothing changes, else a copy in `arena`. Letters are
/// ASCII.
///
///   PyPI            lower case, runs of '-', '_' and '.' are one '-' (PEP 503, "Normalized Names")
///   crates.io       lower case, '_' is '-' (the registry takes them as one name: crates.io,
///   canon_crate_name) NuGet           lower case (package ids are case-insensitive:
///   learn.microsoft.com/nuget, "Package ID") Packagist       lower case (purl-spec, types/composer: not case
///   sensitive) Hex, Bitnami    lower case (purl-spec, types/hex and types/bitnami: not case sensitive) Pub
///   lower case, everything but a-z and 0-9 is '_' (dart.dev/tools/pub/pubspec#name) VSCode          lower
///   case (publisher and name are case-insensitive: purl-spec, types/vscode-extension) GitHub Actions  lower
///   case (owners and repositories are case-insensitive: purl-spec, types/github) SwiftURL        lower case,
///   without scheme, user, ".git" and slash at the end (Swift package manager,
///                   CanonicalPackageLocation)
///   all others      as it is: npm has old packages that differ in case alone, Go and Maven tell case apart,
///                   distributions have one spelling
std::string_view normalized_name(std::string_view ecosystem, std::string_view name, base::Arena& arena);

/// A Swift package's location without scheme, user, ".git" and slash at the end, letter case kept:
/// "github.com/apple/swift-nio". A view of `url`.
std::string_view swift_location(std::string_view url);

}  // namespace advisory
