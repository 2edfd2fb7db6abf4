#include "fetch/cve_changes.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include "base/files.hpp"
#include "base/format.hpp"
#include "base/log.hpp"
#include "fetch/cve_releases.hpp"
#include "fetch/record_spool.hpp"
#include "fetch/zip_source.hpp"

namespace fetch {
namespace {

// Entries of the log appear late or out of order now and then.
constexpr Seconds overlap = 3L * 3600;
// More single files than this are slower than the archives of a few days.
constexpr std::size_t most_files = 3000;
// More records that the server does not have than this, and something is wrong with it.
constexpr std::size_t most_again = 1000;
// After a mass update it is cheaper to fetch some of them twice than to remember all.
constexpr std::size_t most_recent = 2000;
constexpr std::uint64_t largest_record = std::uint64_t{64} << 20;

std::string log_url(const CveAddresses& addresses) {
  return addresses.raw + "/cves/deltaLog.json";
}

class Changes {
 public:
  Changes(const Request& request, const CveAddresses& addresses, const CveCursor& cursor,
          const http::Settings& settings)
      : request_(request),
        addresses_(addresses),
        cursor_(cursor),
        client_(settings, request.stop),
        spool_(request.cache) {}

  Fetched run() {
    const CveLog log = read_log();
    want(log);
    const bool gap = log.oldest > cursor_.time;
    if (!gap && log.newest <= cursor_.time && wanted_.empty()) return unchanged();
    if (gap || wanted_.size() > most_files) take_archives(gap ? log.oldest : cursor_.time, gap);
    if (wanted_.size() > most_files)
      throw Error("unsupported",
                  base::format("{} changed records are too many for single files", wanted_.size()));
    take_files();
    return finish(log);
  }

 private:
  CveLog read_log() {
    const std::string url = log_url(addresses_);
    const http::Response answer = client_.get(url, largest_cve_log);
    bytes_ += answer.body.size();
    return read_cve_log(answer.body, cursor_.time - overlap, url);
  }

  void want(const CveLog& log) {
    wanted_ = cursor_.again;
    for (const auto& [id, change] : log.changed) {
      const auto recent = cursor_.recent.find(id);
      if (recent != cursor_.recent.end() && recent->second >= change.updated && change.listed <= cursor_.time)
        continue;
      Seconds& least = wanted_[id];
      least = std::max(least, change.updated);
    }
  }

  // Takes what it finds in the archives of the days since the cursor. Where the log has a gap they are all
  // that tells what changed before `log_begins`, so that no day may be missing.
  void take_archives(Seconds log_begins, bool gap) {
    if (addresses_.releases.empty())
      throw Error("unsupported", base::format("the log of changes {}, and no CVE_RELEASES_URL is known",
                                              gap ? "does not reach back far enough" : "is long"));
    const Seconds since = cursor_.time - overlap;
    const std::vector<CveDelta> deltas = list_cve_deltas(addresses_.releases, since, client_, bytes_);
    if (gap && !covers_days(deltas, since, log_begins))
      throw Error(
          "unsupported",
          base::format("the log of changes begins {}, after the {} up to which it was followed, and the "
                       "release archives do not cover the days between",
                       time_text(log_begins), time_text(cursor_.time)));
    for (const CveDelta& delta : deltas) {
      if (!gap && wanted_.empty()) break;
      take_archive(delta, gap);
    }
    route_ = "releases";
  }

  void take_archive(const CveDelta& delta, bool gap) {
    const base::TemporaryDirectory directory("delta-", request_.cache);
    http::Download download;
    download.url = delta.url;
    download.path = directory.path() / "delta.zip";
    if (delta.size > 0) download.size = delta.size;
    bytes_ += client_.download(download).bytes;
    const auto records = open_delta(directory.path(), download.path);
    if (records == nullptr) return;
    const auto reader = records->reader();
    for (std::size_t i = 0; i < records->size(); ++i) {
      const std::string id(cve_id_of(records->candidate(i).location));
      const auto wanted = wanted_.find(id);
      const bool is_wanted = wanted != wanted_.end() || (gap && !taken_.contains(id));
      if (!id.empty() && is_wanted) take(id, wanted == wanted_.end() ? 0 : wanted->second, reader->read(i));
    }
  }

  /// Nothing when there was no change in its time.
  std::unique_ptr<const Collection> open_delta(const std::filesystem::path& directory,
                                               const std::filesystem::path& archive) const {
    Request request = request_;
    request.cache = directory;
    try {
      return open_zip_records(request, archive, cve_layout());
    } catch (const Error& error) {
      if (error.word() != "empty") throw;
      return nullptr;
    }
  }

  void take_files() {
    std::vector<std::string> ids;
    for (const auto& [id, updated] : wanted_) ids.push_back(id);
    http::ManyRequests requests;
    requests.count = ids.size();
    requests.url = [&](std::size_t i) { return base::format("{}/{}", addresses_.raw, cve_location(ids[i])); };
    requests.limit = largest_record;
    requests.take = [&](std::size_t i, const http::Response& answer) {
      bytes_ += answer.body.size();
      constexpr int ok = 200;
      if (answer.status == ok) take(ids[i], wanted_.at(ids[i]), answer.body);
    };
    client_.get_many(requests);
    if (wanted_.size() > most_again)
      throw Error("unsupported",
                  base::format("the server has {} of the changed records not or not yet, {} first",
                               wanted_.size(), wanted_.begin()->first));
    for (const auto& [id, updated] : wanted_)
      base::log::debug("a changed record is not there yet, will be fetched again", {{"record", id}});
  }

  /// Keeps the record when it is one, in a state that is not older than `least`.
  void take(const std::string& id, Seconds least, std::string_view record) {
    const bool is_object = record.substr(0, 64).find('{') != std::string_view::npos;
    if (!is_object || cve_updated(record).value_or(least) < least) return;
    spool_.add(cve_location(id), record);
    taken_.insert(id);
    wanted_.erase(id);
  }

  Fetched unchanged() const {
    Fetched result;
    result.state = Fetched::State::unchanged;
    result.bytes_fetched = bytes_;
    result.route = route_;
    return result;
  }

  Fetched finish(const CveLog& log) {
    CveCursor next{std::max(log.newest, cursor_.time), wanted_, {}};
    for (const auto& [id, change] : log.changed)
      if (change.listed > next.time - overlap && !wanted_.contains(id))
        next.recent.emplace(id, change.updated);
    if (next.recent.size() > most_recent) next.recent.clear();
    Fetched result;
    result.state = Fetched::State::delta;
    result.bytes_fetched = bytes_;
    result.route = route_;
    result.watermark = to_text(next);
    result.collection = spool_.finish();
    return result;
  }

  const Request& request_;
  const CveAddresses& addresses_;
  const CveCursor& cursor_;
  http::Client client_;
  RecordSpool spool_;
  CveWanted wanted_;  // what is still to be had
  std::set<std::string, std::less<>> taken_;
  std::string_view route_ = "files";
  std::uint64_t bytes_ = 0;
};

}  // namespace

Fetched open_cve_changes(const Request& request, const CveAddresses& addresses, const CveCursor& cursor,
                         const http::Settings& settings) {
  return Changes(request, addresses, cursor, settings).run();
}

std::optional<Seconds> newest_cve_change(const CveAddresses& addresses, http::Client& client,
                                         std::uint64_t& bytes) {
  const std::string url = log_url(addresses);
  try {
    const http::Response answer = client.get(url, largest_cve_log);
    bytes += answer.body.size();
    return read_cve_log(answer.body, std::numeric_limits<Seconds>::max(), url).newest;
  } catch (const base::Error& error) {
    base::log::warn("no log of changes: the next run will need the archive again",
                    {{"source", "cve"}, {"cause", error.what()}});
    return std::nullopt;
  }
}

}  // namespace fetch
