#include "fetch/record_spool.hpp"

#include <utility>

#include "fetch/file.hpp"

namespace fetch {

class RecordSpool::SpoolReader : public Reader {
 public:
  SpoolReader(const File& file, const std::vector<Record>& records)
      : window_(file), records_(&records), end_(file.size()) {}

  std::string_view read(std::size_t index) override {
    const Record& record = (*records_)[index];
    return window_.at(record.offset, record.size, end_);
  }

 private:
  Window window_;
  const std::vector<Record>* records_;
  std::uint64_t end_;
};

class RecordSpool::Records : public Collection {
 public:
  Records(File file, std::vector<Record> records, std::vector<std::string> removed)
      : file_(std::move(file)), records_(std::move(records)), removed_(std::move(removed)) {}

  std::size_t size() const override { return records_.size(); }
  Candidate candidate(std::size_t index) const override {
    return {records_[index].location, records_[index].size};
  }
  std::unique_ptr<Reader> reader() const override { return std::make_unique<SpoolReader>(file_, records_); }
  const std::vector<std::string>& removed() const override { return removed_; }

 private:
  File file_;
  std::vector<Record> records_;
  std::vector<std::string> removed_;
};

RecordSpool::RecordSpool(const std::filesystem::path& directory)
    : directory_(directory), file_(nameless_file(directory)) {}

void RecordSpool::add(std::string location, std::string_view bytes) {
  base::write_all(file_, bytes, directory_.native());
  records_.push_back({std::move(location), end_, bytes.size()});
  end_ += bytes.size();
}

std::unique_ptr<const Collection> RecordSpool::finish(std::vector<std::string> removed) {
  return std::make_unique<Records>(File(std::move(file_), directory_), std::move(records_),
                                   std::move(removed));
}

}  // namespace fetch
