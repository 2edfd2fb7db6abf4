#include "fetch/osv_fetch.hpp"

#include <utility>

#include "base/format.hpp"
#include "base/log.hpp"
#include "fetch/compared_list.hpp"
#include "fetch/live_sources.hpp"
#include "fetch/osv_records.hpp"
#include "fetch/zip_source.hpp"

namespace fetch {
namespace {

constexpr const char* list_name = "modified_id.csv";
constexpr const char* archive_name = "all.zip";
// Begins the fingerprint of a state that was reached by the list.
constexpr std::string_view list_prefix = "modified_id.csv ";

// A record costs 0.8 KB in the archive, where all of them are, and 2.8 KB with a request of its own: by bytes
// the archive is cheaper when more than a quarter have changed, by time earlier, for a request is more work
// than a record in a stream.
constexpr std::size_t archive_share = 8;
// So few that it is not worth a thought.
constexpr std::size_t few_records = 100;

}  // namespace

OsvFetch::OsvFetch(const Request& request, OsvBucket& bucket, http::Client& client, const ArchiveCache& cache)
    : request_(request),
      bucket_(bucket),
      client_(client),
      cache_(cache),
      list_file_(request.cache / list_name),
      compared_(request, list_file_.path()) {
  std::string_view known = request.known_fingerprint;
  if (!known.starts_with(list_prefix)) {
    known_archive_ = known;
    return;
  }
  known.remove_prefix(list_prefix.size());
  const std::size_t mark = known.rfind(awaited_mark);
  awaiting_ = mark != std::string_view::npos;
  known_list_ = known.substr(0, mark);
  known_archive_ = request.watermark;
}

Fetched OsvFetch::run() {
  Fetched result = open();
  result.bytes_fetched = bytes_;
  result.route = bucket_.route();
  return result;
}

Fetched OsvFetch::open() {
  const auto brought = bring_list();
  const bool list_unchanged = brought && brought->fingerprint == known_list_ && !awaiting_;
  if (request_.full) return whole_if_new("everything was asked for");
  if (!brought) return whole_if_new(no_list_);
  if (request_.reconcile)
    if (auto all = whole("a reconciliation is due")) return std::move(*all);
  // A list that is older than the known one comes from a cache on the way and tells nothing.
  if (list_unchanged || brought->is_known) return unchanged(request_.known_fingerprint);
  if (!compare(false)) return whole_if_new(no_list_);
  if (list_->held_records() == 0) return whole_if_new("the first load: nothing is stored yet");

  const std::vector<std::size_t> changed = list_->changed();
  const std::string found =
      base::format("{} of {} records have changed", changed.size(), list_->listed_records());
  const std::size_t differences = changed.size() + list_->vanished_records();
  if (differences > few_records && differences * archive_share > list_->listed_records())
    if (auto all = whole(found)) return std::move(*all);
  compared_.remember(list_fingerprint_);
  if (changed.empty()) return unchanged(list_fingerprint_);
  std::size_t missing = 0;
  Fetched result = single(changed, missing);
  if (missing * 2 > changed.size())
    if (auto all = whole(base::format("{}, {} of them have no file", found, missing))) return std::move(*all);
  result.mode_reason = found;
  return result;
}

// Nothing where the bucket has no list. It is brought also when it is the known one and has to be compared
// again.
std::optional<BroughtFile> OsvFetch::bring_list() {
  const bool again = awaiting_ || request_.reconcile || request_.full;
  try {
    BroughtFile brought = bucket_.bring(list_name, list_file_, {known_list_, again});
    bytes_ += brought.bytes;
    list_fingerprint_ = std::string(list_prefix) + brought.fingerprint;
    had_list_ = !(again && brought.is_known);
    return brought;
  } catch (const http::Error& error) {
    if (error.status() != 404) throw;
    no_list_ = "the bucket has no modified_id.csv";
    return std::nullopt;
  }
}

// Reads the list and notes in it what is stored; false when it cannot be used, for a reason that is kept. An
// archive is held against the whole list, changes are found without.
bool OsvFetch::compare(bool whole) {
  if (list_ && (list_->is_whole() || !whole)) return true;
  try {
    list_ = compared_.read(whole || request_.reconcile);
  } catch (const Error& error) {
    list_file_.forget();
    no_list_ = error.what();
    base::log::warn("the list of records is of no use, taking the archive",
                    {{"source", request_.source}, {"cause", no_list_}});
    return false;
  }
  return true;
}

Fetched OsvFetch::whole_if_new(const std::string& why) {
  auto all = whole(why);
  return all ? std::move(*all) : unchanged(request_.known_fingerprint);
}

// The archive; nothing when it is the one that was read last, which has nothing new to tell.
std::optional<Fetched> OsvFetch::whole(const std::string& why) {
  const bool again = request_.full || (list_ && list_->held_records() == 0);
  const BroughtFile brought = bucket_.bring(archive_name, cache_.file(), {known_archive_, again});
  bytes_ += brought.bytes;
  if (brought.is_known) return std::nullopt;
  Fetched result = cache_.open(request_, osv_layout(), bucket_.url_of(archive_name));
  result.watermark = result.fingerprint;
  result.mode_reason = why;
  // The list says which records of the archive are older than what is stored, and what it lacks.
  if (had_list_ && compare(true) && list_->held_records() > 0) {
    result.vanished = list_->vanished_records();
    result.collection = listed_archive(std::move(result.collection), std::move(list_));
  }
  return result;
}

Fetched OsvFetch::single(const std::vector<std::size_t>& changed, std::size_t& missing) {
  SingleRecords records(list_, request_.cache);
  http::ManyRequests requests;
  requests.count = changed.size();
  requests.url = [&](std::size_t i) {
    return bucket_.url_of(list_->directory(changed[i]), std::string(list_->id(changed[i])) + ".json");
  };
  requests.fields = bucket_.fields();
  requests.take = [&](std::size_t i, const http::Response& answer) {
    bytes_ += answer.body.size();
    constexpr int ok = 200;
    if (answer.status == ok)
      records.add(changed[i], answer.body);
    else
      ++missing;
  };
  client_.get_many(requests);
  Fetched result;
  result.state = Fetched::State::delta;
  result.fingerprint = list_fingerprint_;
  result.awaited = missing;
  result.vanished = list_->vanished_records();
  result.collection = records.finish();
  return result;
}

Fetched OsvFetch::unchanged(const std::string& fingerprint) const {
  Fetched result = fetch::unchanged(fingerprint);
  if (list_) result.vanished = list_->vanished_records();
  return result;
}

}  // namespace fetch
