#include "pipeline/retry.hpp"

#include "advisory/advisory.hpp"
#include "base/zstd.hpp"
#include "pipeline/sync.hpp"
#include "store/dictionaries.hpp"
#include "store/generated/quarantine.hpp"

namespace pipeline {

namespace {

// The bytes of some records, as a collection.
class KeptRecords : public fetch::Collection {
 public:
  KeptRecords(pg::Connection& connection, std::string_view source) {
    const store::Dictionaries dictionaries = store::Dictionaries::load(connection);
    base::ZstdDecompressor decompressor;
    for (const auto& row : store::sql::quarantined_bytes(connection, source)) {
      std::string bytes;
      dictionaries.decompress(decompressor, row.raw, bytes);
      records_.push_back({row.location, std::move(bytes)});
    }
  }

  std::size_t size() const override { return records_.size(); }
  fetch::Candidate candidate(std::size_t index) const override {
    return {records_[index].location, records_[index].bytes.size()};
  }
  std::unique_ptr<fetch::Reader> reader() const override { return std::make_unique<KeptReader>(*this); }
  const std::vector<std::string>& removed() const override { return removed_; }

 private:
  struct Record {
    std::string location;
    std::string bytes;
  };
  class KeptReader : public fetch::Reader {
   public:
    explicit KeptReader(const KeptRecords& records) : records_(records) {}
    std::string_view read(std::size_t index) override { return records_.records_[index].bytes; }

   private:
    const KeptRecords& records_;
  };

  std::vector<Record> records_;
  std::vector<std::string> removed_;
};

}  // namespace

Report retry_quarantined(Options options) {
  options.some_records = [database = *options.database](const fetch::Request& request) {
    pg::Connection connection(database);
    fetch::Fetched fetched;
    auto records = std::make_unique<KeptRecords>(connection, request.source);
    fetched.state = records->size() == 0 ? fetch::Fetched::State::absent : fetch::Fetched::State::delta;
    fetched.collection = std::move(records);
    return fetched;
  };
  return sync(options);
}

}  // namespace pipeline
