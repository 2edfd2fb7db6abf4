#include "merge/precedence.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>

#include "advisory/identifier.hpp"
#include "advisory/package.hpp"

namespace merge {

namespace {

using advisory::Advisory;
using advisory::Source;

struct Home {
  std::string_view prefix;  // as advisory::prefix_of gives it
  std::string_view ecosystem;
  bool language = false;
};

constexpr bool language = true;
constexpr bool distribution = false;

constexpr Home homes[] = {
    {"GO", "Go", language},
    {"PYSEC", "PyPI", language},
    {"RUSTSEC", "crates.io", language},
    {"DRUPAL", "Packagist", language},
    {"EEF", "Hex", language},
    {"HSEC", "Hackage", language},
    {"HSEC", "GHC", language},
    {"JLSEC", "Julia", language},
    {"OSEC", "opam", language},
    {"RSEC", "CRAN", language},
    {"RSEC", "Bioconductor", language},
    {"OSV", "OSS-Fuzz", language},
    {"KUBE", "Kubernetes", language},
    {"ALBA", "AlmaLinux", distribution},
    {"ALEA", "AlmaLinux", distribution},
    {"ALPINE", "Alpine", distribution},
    {"ALSA", "AlmaLinux", distribution},
    {"ASB", "Android", distribution},
    {"AZL", "Azure Linux", distribution},
    {"BELL", "Alpaquita", distribution},
    {"BELL", "BellSoft Hardened Containers", distribution},
    {"BIT", "Bitnami", distribution},
    {"CGA", "Chainguard", distribution},
    {"CGA", "Wolfi", distribution},
    {"CLEANSTART", "CleanStart", distribution},
    {"CLSA", "TuxCare", distribution},
    {"DEBIAN", "Debian", distribution},
    {"DHI", "Docker Hardened Images", distribution},
    {"DLA", "Debian", distribution},
    {"DSA", "Debian", distribution},
    {"DTSA", "Debian", distribution},
    {"ECHO", "Echo", distribution},
    {"FreeBSD", "FreeBSD", distribution},
    {"LSN", "Ubuntu", distribution},
    {"MGASA", "Mageia", distribution},
    {"MINI", "MinimOS", distribution},
    {"OESA", "openEuler", distribution},
    {"PHSA", "Photon OS", distribution},
    {"PUB", "Android", distribution},
    {"RHBA", "Red Hat", distribution},
    {"RHEA", "Red Hat", distribution},
    {"RHSA", "Red Hat", distribution},
    {"RLSA", "Rocky Linux", distribution},
    {"ROOT", "Root", distribution},
    {"RXSA", "Rocky Linux", distribution},
    {"SUSE", "SUSE", distribution},
    {"SUSE", "openSUSE", distribution},
    {"UBUNTU", "Ubuntu", distribution},
    {"USN", "Ubuntu", distribution},
    {"openSUSE", "openSUSE", distribution},
};

bool names_package_of(std::span<const Speaker> speakers, std::string_view ecosystem) {
  return std::any_of(speakers.begin(), speakers.end(), [&](const Speaker& speaker) {
    const auto& affected = speaker.advisory->affected;
    return std::any_of(affected.begin(), affected.end(), [&](const advisory::Affected& entry) {
      return advisory::ecosystem_base(entry.ecosystem) == ecosystem;
    });
  });
}

bool is_language_home(const Advisory& record, std::span<const Speaker> givers) {
  const std::string_view prefix = advisory::prefix_of(record.own_id);
  return std::any_of(std::begin(homes), std::end(homes), [&](const Home& home) {
    return home.language && home.prefix == prefix && names_package_of(givers, home.ecosystem);
  });
}

int rank_of(bool home, const Advisory& record) {
  return home ? 0 : advisory::is_ghsa(record.own_id) ? 1 : 2;
}

struct Placed {
  Speaker speaker;
  int rank = 0;
};

bool stands_before(const Placed& a, const Placed& b) {
  const Advisory& x = *a.speaker.advisory;
  const Advisory& y = *b.speaker.advisory;
  return std::tie(x.retracted, x.source, a.rank, x.own_id, x.record_id) <
         std::tie(y.retracted, y.source, b.rank, y.own_id, y.record_id);
}

std::string_view key_of(const Advisory& record, base::Arena& arena) {
  std::string key(advisory::to_string(record.source));
  key += '/';
  key += record.record_id;
  return arena.copy(key);
}

}  // namespace

bool is_home(std::string_view id_prefix, std::string_view ecosystem_base) {
  return std::any_of(std::begin(homes), std::end(homes), [&](const Home& home) {
    return home.prefix == id_prefix && home.ecosystem == ecosystem_base;
  });
}

Order put_in_order(std::span<const Contributor> contributors, base::Arena& arena) {
  Order order;
  order.all.reserve(contributors.size());
  for (const Contributor& contributor : contributors)
    order.all.push_back({contributor.advisory, key_of(*contributor.advisory, arena), contributor.stale});
  const auto live_end = std::stable_partition(order.all.begin(), order.all.end(), [](const Speaker& speaker) {
    return !speaker.advisory->retracted;
  });
  const auto live = static_cast<std::size_t>(live_end - order.all.begin());
  order.heard = live > 0 ? live : order.all.size();
  if (order.all.size() == 1) return order;

  std::vector<Placed> placed;
  placed.reserve(order.all.size());
  for (const Speaker& speaker : order.all) {
    const bool osv = speaker.advisory->source == Source::osv;
    placed.push_back(
        {speaker, osv ? rank_of(is_language_home(*speaker.advisory, order.givers()), *speaker.advisory) : 0});
  }
  std::sort(placed.begin(), placed.end(), stands_before);
  std::transform(placed.begin(), placed.end(), order.all.begin(),
                 [](const Placed& each) { return each.speaker; });
  return order;
}

bool speaks_first(const Speaker& a, const Speaker& b, std::string_view ecosystem_base) {
  const auto place = [&](const Speaker& speaker) {
    const Advisory& record = *speaker.advisory;
    const bool home =
        record.source == Source::osv && is_home(advisory::prefix_of(record.own_id), ecosystem_base);
    return std::make_tuple(record.source, record.source == Source::osv ? rank_of(home, record) : 0,
                           record.own_id, record.record_id);
  };
  return place(a) < place(b);
}

}  // namespace merge
