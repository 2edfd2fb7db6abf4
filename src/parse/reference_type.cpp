#include "parse/reference_type.hpp"

#include <algorithm>

namespace parse {

namespace {

struct Place {
  std::string_view host;  // without "www."
  std::string_view path;  // how the path begins
};

// Sorted by host, for binary search.
constexpr Place advisories[] = {
    {"access.redhat.com", "/errata/"},
    {"access.redhat.com", "/security/"},
    {"advisories.mageia.org", "/"},
    {"cve.mitre.org", "/cgi-bin/cvename.cgi"},
    {"cve.org", "/CVERecord"},
    {"debian.org", "/lts/security/"},
    {"debian.org", "/security/"},
    {"drupal.org", "/sa-"},
    {"exchange.xforce.ibmcloud.com", "/vulnerabilities/"},
    {"github.com", "/advisories/"},
    {"gitlab.com", "/gitlab-org/security-products/gemnasium-db/"},
    {"jenkins.io", "/security/advisory/"},
    {"jvn.jp", "/"},
    {"jvndb.jvn.jp", "/"},
    {"kb.cert.org", "/vuls/"},
    {"lists.debian.org", "/debian-lts-announce/"},
    {"lists.debian.org", "/debian-security-announce/"},
    {"lists.fedoraproject.org", "/archives/list/package-announce@"},
    {"lists.opensuse.org", "/opensuse-security-announce/"},
    {"msrc.microsoft.com", "/"},
    {"nodesecurity.io", "/advisories/"},
    {"npmjs.com", "/advisories/"},
    {"nvd.nist.gov", "/vuln/"},
    {"openssl.org", "/news/secadv"},
    {"oracle.com", "/security-alerts/"},
    {"osv.dev", "/vulnerability/"},
    {"osvdb.org", "/"},
    {"pkg.go.dev", "/vuln/"},
    {"portal.msrc.microsoft.com", "/"},
    {"rhn.redhat.com", "/errata/"},
    {"rustsec.org", "/advisories/"},
    {"secunia.com", "/advisories/"},
    {"security-tracker.debian.org", "/tracker/"},
    {"security.gentoo.org", "/glsa/"},
    {"security.netapp.com", "/advisory/"},
    {"security.openstack.org", "/ossa/"},
    {"security.snyk.io", "/vuln/"},
    {"securityfocus.com", "/bid/"},
    {"securitylab.github.com", "/advisories/"},
    {"snyk.io", "/vuln/"},
    {"spring.io", "/security/"},
    {"suse.com", "/security/"},
    {"talosintelligence.com", "/vulnerability_reports/"},
    {"tenable.com", "/security/"},
    {"tools.cisco.com", "/security/"},
    {"typo3.org", "/security/advisory/"},
    {"ubuntu.com", "/security/"},
    {"ubuntu.com", "/usn/"},
    {"usn.ubuntu.com", "/"},
    {"vuldb.com", "/"},
    {"vuln.go.dev", "/"},
    {"web.nvd.nist.gov", "/view/vuln/"},
    {"zerodayinitiative.com", "/advisories/"},
};
static_assert(std::is_sorted(std::begin(advisories), std::end(advisories),
                             [](const Place& a, const Place& b) { return a.host < b.host; }));

bool is_advisory(std::string_view host, std::string_view path) {
  if (host == "github.com" && path.find("/security/advisories/") != std::string_view::npos) return true;
  auto each = std::lower_bound(std::begin(advisories), std::end(advisories), host,
                               [](const Place& place, std::string_view h) { return place.host < h; });
  for (; each != std::end(advisories) && each->host == host; ++each)
    if (path.starts_with(each->path)) return true;
  return false;
}

}  // namespace

std::string_view reference_type_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return "WEB";
  std::string_view host = url.substr(scheme + 3);
  const auto slash = std::min(host.find('/'), host.size());
  const std::string_view path = host.substr(slash);
  host = host.substr(0, slash);
  if (host.starts_with("www.")) host.remove_prefix(4);
  if (is_advisory(host, path)) return "ADVISORY";
  return path.find("/commit/") == std::string_view::npos ? "WEB" : "FIX";
}

}  // namespace parse
