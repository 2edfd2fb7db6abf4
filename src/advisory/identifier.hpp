// Identifiers of vulnerabilities, as they are cleaned before anything is linked by them.
#pragma once

#include <optional>
#include <string_view>

namespace advisory {

/// The identifier in `text` without the blanks, commas and semicolons around it, or nothing when what is left
/// is not like an identifier: 3 to 128 characters of A-Z a-z 0-9 . _ : + / -, beginning and ending with a
/// letter or digit, with at least one hyphen and one digit (PREFIX-xxxx-xxxx-xxxx, the random form of GHSA
/// ids, may have none: one in 400 has), no "://", and no CWE id (those name a weakness, and would link
/// everything that shares it). Case is never folded. The result is a view of `text`.
std::optional<std::string_view> clean_identifier(std::string_view text);

/// CVE-YYYY-N with a year of 4 digits and a number of 4 to 19 digits (CVE record format, cveId pattern).
bool is_cve(std::string_view id);

/// GHSA-xxxx-xxxx-xxxx, lower-case letters and digits.
bool is_ghsa(std::string_view id);

/// CWE-N, with a number of 1 to 9 digits: the id of a weakness.
bool is_cwe(std::string_view id);

/// What stands before the first hyphen: "GHSA", "RUSTSEC", "CVE"; the whole id when there is none.
std::string_view prefix_of(std::string_view id);

}  // namespace advisory
