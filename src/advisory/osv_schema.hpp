// The closed lists of the OSV JSON schema 1.7.5 (validation/schema.json of
// https://github.com/ossf/osv-schema): what a document may hold to be accepted by it. Sources are ahead of it
// and behind it, so each stage asks here before it writes a value into a place that the schema restricts.
#pragma once

#include <string_view>

namespace advisory {

/// `$defs/ecosystemWithSuffix`: a known ecosystem, alone or with a suffix (":" and at least one character,
/// none of which is a line end).
bool is_known_ecosystem(std::string_view ecosystem);

/// `$defs/prefix`: the id of a home database that the schema knows, or a private one ("x_...").
bool has_known_prefix(std::string_view id);

/// The eleven types of a reference.
bool is_reference_type(std::string_view type);

/// The ten roles of a credit.
bool is_credit_type(std::string_view type);

/// SEMVER, ECOSYSTEM or GIT.
bool is_range_type(std::string_view type);

/// The version of an event in a range of type GIT: "0", or 40 or 64 lower-case hexadecimal digits.
bool is_git_version(std::string_view version);

/// The words of a severity of type Ubuntu.
bool is_ubuntu_severity(std::string_view word);

}  // namespace advisory
