#include "fetch/cve_releases.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "base/arena.hpp"
#include "base/format.hpp"
#include "base/json.hpp"
#include "fetch/error.hpp"

namespace fetch {
namespace {

using base::json::Value;

constexpr Seconds day = 86400;
constexpr std::uint64_t largest_page = std::uint64_t{32} << 20;
// 25 releases a day, 100 on a page: two months, a quarter of the requests that GitHub grants an hour.
constexpr int most_pages = 15;

/// The day (since 1970) whose changes an archive published then holds: that of a whole day comes after
/// midnight.
Seconds day_of(Seconds published, bool whole_day) {
  return (published - (whole_day ? day / 2 : 0)) / day;
}

std::string_view text_of(const Value& object, std::string_view name) {
  const Value* const value = object.find(name);
  return value == nullptr ? std::string_view() : value->text();
}

std::uint64_t number_of(const Value& object, std::string_view name) {
  const std::string_view digits = text_of(object, name);
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// The archives of changes among the assets of one release.
void take_release(const Value& release, Seconds published, std::vector<CveDelta>& deltas) {
  const Value* const assets = release.find("assets");
  if (assets == nullptr) return;
  for (const Value& asset : assets->items()) {
    const std::string_view name = text_of(asset, "name");
    const std::string_view url = text_of(asset, "browser_download_url");
    if (name.find("_delta_") == std::string_view::npos || name.find(".zip") == std::string_view::npos ||
        url.empty())
      continue;
    deltas.push_back({std::string(url), number_of(asset, "size"), published,
                      name.find("end_of_day") != std::string_view::npos});
  }
}

/// Reads one page; returns when its oldest release was published, or nothing when it was the last page.
std::optional<Seconds> take_page(std::string_view json, const std::string& url,
                                 std::vector<CveDelta>& deltas) {
  base::Arena arena;
  const base::json::Parsed parsed = base::json::parse(json, arena);
  if (parsed.error || !parsed.value.is_array())
    throw Error("corrupt", base::format("cannot use the list of releases {}: it is no JSON array", url));
  std::optional<Seconds> oldest;
  for (const Value& release : parsed.value.items()) {
    const auto published = read_time(text_of(release, "published_at"));
    if (!published) continue;  // a draft
    oldest = std::min(oldest.value_or(*published), *published);
    take_release(release, *published, deltas);
  }
  return oldest;
}

/// Each of one day holds all that the earlier ones of that day do.
std::vector<CveDelta> last_of_each_day(std::vector<CveDelta> deltas) {
  std::stable_sort(deltas.begin(), deltas.end(),
                   [](const CveDelta& a, const CveDelta& b) { return a.published > b.published; });
  std::set<std::pair<Seconds, bool>> seen;
  std::vector<CveDelta> result;
  for (CveDelta& delta : deltas)
    if (seen.emplace(day_of(delta.published, delta.whole_day), delta.whole_day).second)
      result.push_back(std::move(delta));
  return result;
}

}  // namespace

std::vector<CveDelta> list_cve_deltas(const std::string& url, Seconds since, http::Client& client,
                                      std::uint64_t& bytes) {
  std::vector<CveDelta> deltas;
  for (int page = 1; page <= most_pages; ++page) {
    const http::Response answer = client.get(base::format("{}?per_page=100&page={}", url, page), largest_page,
                                             {{"Accept", "application/vnd.github+json"}});
    bytes += answer.body.size();
    const auto oldest = take_page(answer.body, url, deltas);
    if (!oldest || *oldest <= since) break;
  }
  std::erase_if(deltas, [&](const CveDelta& delta) { return delta.published <= since; });
  return last_of_each_day(std::move(deltas));
}

bool covers_days(const std::vector<CveDelta>& deltas, Seconds from, Seconds to) {
  std::set<Seconds> days;
  for (const CveDelta& delta : deltas)
    if (delta.whole_day) days.insert(day_of(delta.published, true));
  for (Seconds each = from / day; each < to / day; ++each)
    if (!days.contains(each)) return false;
  return true;
}

}  // namespace fetch
