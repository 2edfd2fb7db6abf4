// The CVE list in a mirror: an archive, and archives of what changed after it.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/arena.hpp"
#include "base/format.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/text_table.hpp"
#include "fetch/cve_record.hpp"
#include "fetch/mirror_parts.hpp"
#include "fetch/record_spool.hpp"
#include "fetch/zip_source.hpp"

namespace fetch {
namespace {

namespace fs = std::filesystem;
using base::json::Value;

/// The archives that a state is made of, by their content.
struct Archives {
  std::string main;
  std::set<std::string> deltas;
};

// What is remembered of a state: {"deltas": ["…"], "main": "…"}.
std::string to_text(const Archives& archives) {
  base::Arena arena;
  std::vector<std::string_view> deltas(archives.deltas.begin(), archives.deltas.end());
  base::json::ObjectBuilder object(arena);
  object.add("deltas", base::json::make_array(arena, std::span<const std::string_view>(deltas)));
  object.add("main", archives.main);
  return base::json::write(object.finish());
}

Archives read_archives(std::string_view text) {
  base::Arena arena;
  const base::json::Parsed parsed = base::json::parse(text, arena);
  Archives archives;
  const Value* const main = parsed.error ? nullptr : parsed.value.find("main");
  const Value* const deltas = parsed.error ? nullptr : parsed.value.find("deltas");
  if (main == nullptr || deltas == nullptr) return archives;
  archives.main = main->text();
  for (const Value& delta : deltas->items()) archives.deltas.emplace(delta.text());
  return archives;
}

std::int64_t version_of(std::string_view record) {
  const auto updated = cve_updated(record);
  return updated ? *updated * 1'000'000 : Versions::none;
}

class MirrorCve {
 public:
  MirrorCve(const Request& request, const fs::path& directory)
      : request_(request), main_(directory / "main.zip"), deltas_(delta_files(directory / "delta")) {}

  Fetched run() {
    fingerprint();
    Fetched result;
    result.fingerprint = state_;
    result.watermark = to_text(now_);
    const std::string& known = request_.known_fingerprint;
    if (!request_.full && known == state_) {
      result.state = Fetched::State::unchanged;
      return result;
    }
    const Archives before = known.empty() ? Archives() : read_archives(request_.watermark);
    const bool only_more =
        before.main == now_.main &&
        std::includes(now_.deltas.begin(), now_.deltas.end(), before.deltas.begin(), before.deltas.end());
    const bool whole = request_.full || request_.reconcile || request_.has_copies || !only_more;
    result.state = whole ? Fetched::State::full : Fetched::State::delta;
    open(whole ? Archives() : before, whole, result);
    return result;
  }

 private:
  struct Delta {
    fs::path path;
    std::string content;
  };

  static std::vector<Delta> delta_files(const fs::path& directory) {
    std::vector<Delta> deltas;
    if (!is_there(directory)) return deltas;
    for (const auto& file : fs::directory_iterator(directory))
      if (file.is_regular_file() && file.path().extension() == ".zip") deltas.push_back({file.path(), {}});
    std::sort(deltas.begin(), deltas.end(), [](const Delta& a, const Delta& b) { return a.path < b.path; });
    return deltas;
  }

  void fingerprint() {
    KnownFiles files = known_files(request_);
    now_.main = files.fingerprint(File(main_));
    state_ = now_.main;
    std::string contents;
    for (Delta& delta : deltas_) {
      delta.content = files.fingerprint(File(delta.path));
      now_.deltas.insert(delta.content);
      contents += delta.content;
    }
    if (!request_.dry_run) files.save();
    if (!deltas_.empty())
      state_ += base::format(", {} deltas {}", deltas_.size(), base::to_hex(base::fast128(contents)));
  }

  void open(const Archives& before, bool whole, Fetched& result) const {
    Pieces pieces(1);
    std::vector<bool> is_new{whole};
    if (whole) result.bytes_fetched += fs::file_size(main_);
    for (const Delta& delta : deltas_) {
      auto records = open_archive(delta.path, cve_layout());
      if (records == nullptr) continue;
      pieces.push_back(std::move(records));
      is_new.push_back(!before.deltas.contains(delta.content));
      if (is_new.back()) result.bytes_fetched += fs::file_size(delta.path);
    }
    pieces.front() = whole ? open_zip_records(request_, main_, cve_layout()) : open_copies(pieces);
    result.collection = overlay(std::move(pieces), is_new,
                                {.id_of = cve_id_of,
                                 .location_of = cve_location,
                                 .version_of = version_of,
                                 .accept = request_.accept});
  }

  /// The records of the main archive that the other pieces hold as well.
  std::unique_ptr<const Collection> open_copies(const Pieces& pieces) const {
    std::vector<std::string> ids;
    base::TextTable by_id;
    const auto id_of = [&ids](std::uint32_t entry) { return std::string_view(ids[entry]); };
    for (std::size_t i = 1; i < pieces.size(); ++i)
      pieces[i]->for_each_name([&](std::size_t, std::string_view name) {
        std::uint32_t& place = by_id.place(cve_id_of(name), id_of);
        if (place != base::TextTable::none) return;
        place = static_cast<std::uint32_t>(ids.size());
        ids.emplace_back(cve_id_of(name));
      });
    ZipLayout layout = cve_layout();
    layout.select = [&](std::string_view name) {
      const std::string_view id = cve_id_of(name);
      return !id.empty() && by_id.find(id, id_of) != base::TextTable::none;
    };
    auto copies = open_archive(main_, layout);
    return copies != nullptr ? std::move(copies) : RecordSpool(request_.cache).finish();
  }

  /// Nothing where the archive holds nothing of the kind: in an hour, nothing may have changed.
  std::unique_ptr<const Collection> open_archive(const fs::path& path, const ZipLayout& layout) const {
    try {
      return open_zip_records(request_, path, layout);
    } catch (const Error& error) {
      if (error.word() != "empty") throw;
      return nullptr;
    }
  }

  const Request& request_;
  fs::path main_;
  std::vector<Delta> deltas_;  // in the order of their names
  Archives now_;
  std::string state_;
};

}  // namespace

Fetched open_mirror_cve(const Request& request, const fs::path& directory) {
  if (!is_there(directory / "main.zip")) return {};
  return MirrorCve(request, directory).run();
}

}  // namespace fetch
