// What the CVE list says about a record without reading it: where it lies, and when it was changed last.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fetch {

/// Seconds since 1970.
using Seconds = std::int64_t;

/// A time as the CVE list writes it ("2024-02-03T04:05:06.789Z", the fraction and the zone may be missing;
/// none means UTC). Fractions are dropped. Nothing for any other text.
std::optional<Seconds> read_time(std::string_view text);

/// The same in the list's own form, "2024-02-03T04:05:06Z".
std::string time_text(Seconds time);

/// Whether `id` is CVE-, a year of four digits, - and a number of 4 to 19 digits.
bool is_cve_id(std::string_view id);

/// The path of a record in the list: "cves/2024/20xxx/CVE-2024-20433.json". `id` must be one.
std::string cve_location(std::string_view id);

/// The id in the last part of a path ("deltaCves/CVE-2024-20433.json"), or "" where that is no record's.
std::string_view cve_id_of(std::string_view path);

/// When the record says it was changed last (cveMetadata.dateUpdated, else datePublished or dateRejected);
/// nothing where it is not readable.
std::optional<Seconds> cve_updated(std::string_view record);

}  // namespace fetch
