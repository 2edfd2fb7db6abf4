#include "fetch/archive_cache.hpp"

#include <utility>

#include "base/format.hpp"
#include "base/redact.hpp"
#include "base/stop.hpp"

namespace fetch {
namespace {

namespace fs = std::filesystem;

// What `read` returns; where it finds the archive damaged, the note of what the archive is goes.
template <class Read>
auto watched(const fs::path& note, const Read& read) {
  try {
    return read();
  } catch (const Error&) {
    std::error_code ignored;
    fs::remove(note, ignored);
    throw;
  }
}

class WatchedReader : public Reader {
 public:
  WatchedReader(std::unique_ptr<Reader> reader, const fs::path& note)
      : reader_(std::move(reader)), note_(note) {}

  std::string_view read(std::size_t index) override {
    return watched(note_, [&] { return reader_->read(index); });
  }
  std::optional<base::Fast128> packed_hash(std::size_t index) override {
    return watched(note_, [&] { return reader_->packed_hash(index); });
  }

 private:
  std::unique_ptr<Reader> reader_;
  const fs::path& note_;
};

/// A collection that forgets its archive when a record in it is damaged: the next run fetches it again.
class WatchedCollection : public Collection {
 public:
  WatchedCollection(std::unique_ptr<const Collection> records, fs::path note)
      : records_(std::move(records)), note_(std::move(note)) {}

  std::size_t size() const override { return records_->size(); }
  Candidate candidate(std::size_t index) const override { return records_->candidate(index); }
  std::unique_ptr<Reader> reader() const override {
    return std::make_unique<WatchedReader>(records_->reader(), note_);
  }
  const std::vector<std::string>& removed() const override { return records_->removed(); }

 private:
  std::unique_ptr<const Collection> records_;
  fs::path note_;
};

}  // namespace

base::FileLock lock_cache(const fs::path& directory, const std::stop_token& stop) {
  base::make_directories(directory, 0700);
  for (;;) {
    auto lock = base::FileLock::try_acquire(directory / "lock", base::FileLock::Mode::exclusive);
    if (lock) return std::move(*lock);
    if (!base::sleep_for(std::chrono::milliseconds(200), stop))
      throw Error("transport", "interrupted while another process was fetching into " + directory.native());
  }
}

ArchiveCache::ArchiveCache(const fs::path& directory, const std::stop_token& stop)
    : lock_(lock_cache(directory, stop)), file_(directory / "archive.zip") {}

Fetched ArchiveCache::open(const Request& request, const ZipLayout& layout,
                           const std::string& address) const {
  Fetched result;
  try {
    result.collection =
        std::make_unique<WatchedCollection>(open_zip_records(request, archive(), layout), file_.note());
  } catch (const Error& error) {
    forget();
    throw Error(error.word(), base::format("{}; it came from {}", error.what(), base::redact(address)),
                error.retryable() ? Error::Retry::yes : Error::Retry::no);
  }
  result.state = Fetched::State::full;
  result.fingerprint = file_.fingerprint();
  return result;
}

}  // namespace fetch
