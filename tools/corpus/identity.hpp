// Which id a record bears in the n-th copy of a corpus. The same id becomes the same id in every source and
// every text, so that what was one group stays one group, and no copy's ids meet another's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace corpus {

/// `id` in copy number `copy`; copy 0 is the original. GHSA ids become other GHSA ids; in all others the last
/// number gets the copy's number and zeros in front (CVE-2021-44228, 3 -> CVE-2021-300044228), so ids whose
/// number has up to eight digits stay apart; an id without digits gets "-n" behind it.
std::string copy_of_id(std::string_view id, std::uint64_t copy);

/// A uuid in copy number `copy`; copy 0 is the original.
std::string copy_of_uuid(std::string_view uuid, std::uint64_t copy);

/// `digits` lower-case hexadecimal digits that follow from `text` and `copy`.
std::string copy_of_hex(std::string_view text, std::uint64_t copy);

/// Where the CVE Project's repository keeps a record: cves/2021/44xxx/CVE-2021-44228.json.
std::string cve_path(std::string_view id);

/// A number that follows from `text` and the numbers alone: the source of everything that looks random here.
std::uint64_t mix(std::string_view text, std::uint64_t a, std::uint64_t b);

}  // namespace corpus
