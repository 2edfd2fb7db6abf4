#include "advisory/osv_schema.hpp"

#include <algorithm>
#include <iterator>

namespace advisory {

namespace {

// Sorted bytewise, for binary search.
constexpr std::string_view ecosystems[] = {"AlmaLinux",
                                           "Alpaquita",
                                           "Alpine",
                                           "Android",
                                           "Azure Linux",
                                           "BellSoft Hardened Containers",
                                           "Bioconductor",
                                           "Bitnami",
                                           "CRAN",
                                           "Chainguard",
                                           "CleanStart",
                                           "ConanCenter",
                                           "Debian",
                                           "Docker Hardened Images",
                                           "Echo",
                                           "FreeBSD",
                                           "GHC",
                                           "GIT",
                                           "GitHub Actions",
                                           "Go",
                                           "Hackage",
                                           "Hex",
                                           "Julia",
                                           "Kubernetes",
                                           "Linux",
                                           "Mageia",
                                           "Maven",
                                           "MinimOS",
                                           "NuGet",
                                           "OSS-Fuzz",
                                           "Packagist",
                                           "Photon OS",
                                           "Pub",
                                           "PyPI",
                                           "Red Hat",
                                           "Rocky Linux",
                                           "Root",
                                           "RubyGems",
                                           "SUSE",
                                           "SwiftURL",
                                           "TuxCare",
                                           "Ubuntu",
                                           "VSCode",
                                           "Wolfi",
                                           "crates.io",
                                           "npm",
                                           "opam",
                                           "openEuler",
                                           "openSUSE"};
static_assert(std::is_sorted(std::begin(ecosystems), std::end(ecosystems)));

// In the schema's order; each is followed by a hyphen.
constexpr std::string_view prefixes[] = {
    "ASB-A",  "PUB-A",      "ALPINE",      "ALSA",  "ALBA",    "ALEA",    "AZL",     "BELL",    "BIT",
    "CGA",    "CLEANSTART", "CLSA",        "CURL",  "CVE",     "DEBIAN",  "DHI",     "DRUPAL",  "DSA",
    "DLA",    "ELA",        "DTSA",        "ECHO",  "EEF",     "FreeBSD", "GHSA",    "GO",      "GSD",
    "HSEC",   "JLSEC",      "KUBE",        "LBSEC", "LSN",     "MAL",     "MINI",    "MGASA",   "OESA",
    "OSEC",   "OSV",        "openSUSE-SU", "PHSA",  "PSF",     "PYSEC",   "RHBA",    "RHEA",    "RHSA",
    "RLSA",   "RXSA",       "RSEC",        "ROOT",  "RUSTSEC", "SUSE-SU", "SUSE-RU", "SUSE-FU", "SUSE-OU",
    "UBUNTU", "USN",        "V8"};

constexpr std::string_view reference_types[] = {"ADVISORY", "ARTICLE", "DETECTION", "DISCUSSION",
                                                "EVIDENCE", "FIX",     "GIT",       "INTRODUCED",
                                                "PACKAGE",  "REPORT",  "WEB"};

constexpr std::string_view credit_types[] = {"ANALYST",
                                             "COORDINATOR",
                                             "FINDER",
                                             "OTHER",
                                             "REMEDIATION_DEVELOPER",
                                             "REMEDIATION_REVIEWER",
                                             "REMEDIATION_VERIFIER",
                                             "REPORTER",
                                             "SPONSOR",
                                             "TOOL"};

constexpr std::string_view ubuntu_severities[] = {"critical", "high", "low", "medium", "negligible"};

template <std::size_t N>
bool contains(const std::string_view (&list)[N], std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

}  // namespace

bool is_known_ecosystem(std::string_view ecosystem) {
  const auto colon = ecosystem.find(':');
  if (!std::binary_search(std::begin(ecosystems), std::end(ecosystems), ecosystem.substr(0, colon)))
    return false;
  if (colon == std::string_view::npos) return true;
  const std::string_view suffix = ecosystem.substr(colon + 1);
  return !suffix.empty() && suffix.find_first_of("\r\n") == std::string_view::npos;
}

bool has_known_prefix(std::string_view id) {
  if (id.starts_with("x_")) return true;
  return std::any_of(std::begin(prefixes), std::end(prefixes), [&](std::string_view prefix) {
    return id.size() > prefix.size() && id[prefix.size()] == '-' && id.starts_with(prefix);
  });
}

bool is_reference_type(std::string_view type) {
  return contains(reference_types, type);
}

bool is_credit_type(std::string_view type) {
  return contains(credit_types, type);
}

bool is_range_type(std::string_view type) {
  return type == "SEMVER" || type == "ECOSYSTEM" || type == "GIT";
}

bool is_git_version(std::string_view version) {
  if (version == "0") return true;
  if (version.size() != 40 && version.size() != 64) return false;
  return version.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_ubuntu_severity(std::string_view word) {
  return contains(ubuntu_severities, word);
}

}  // namespace advisory
