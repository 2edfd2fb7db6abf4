#include "fetch/osv_records.hpp"

#include <utility>

#include "fetch/file.hpp"

namespace fetch {
namespace {

constexpr std::string_view ending = ".json";

std::string_view id_of(std::string_view location) {
  location.remove_prefix(location.rfind('/') + 1);
  if (location.ends_with(ending)) location.remove_suffix(ending.size());
  return location;
}

std::optional<Versions> versions_in(const ModifiedList& list, std::optional<std::size_t> index) {
  if (!index) return std::nullopt;
  return Versions{list.modified(*index), list.held(*index)};
}

class ListedArchive : public Collection {
 public:
  ListedArchive(std::unique_ptr<const Collection> archive, std::shared_ptr<const ModifiedList> list)
      : archive_(std::move(archive)), list_(std::move(list)) {}

  std::size_t size() const override { return archive_->size(); }
  Candidate candidate(std::size_t index) const override {
    Candidate candidate = archive_->candidate(index);
    candidate.versions = versions_in(*list_, list_->find(id_of(candidate.location)));
    return candidate;
  }
  std::unique_ptr<Reader> reader() const override { return archive_->reader(); }
  const std::vector<std::string>& removed() const override { return archive_->removed(); }
  bool lists(std::string_view record_id) const override { return list_->find(record_id).has_value(); }

 private:
  std::unique_ptr<const Collection> archive_;
  std::shared_ptr<const ModifiedList> list_;
};

class SingleReader : public Reader {
 public:
  SingleReader(const File& file, const std::vector<SingleRecords::Record>& records)
      : file_(file), records_(records) {}

  std::string_view read(std::size_t index) override {
    const SingleRecords::Record& record = records_[index];
    buffer_.resize(record.size);
    file_.read_at(record.offset, buffer_.data(), record.size);
    return buffer_;
  }

 private:
  const File& file_;
  const std::vector<SingleRecords::Record>& records_;
  std::string buffer_;
};

class SingleCollection : public Collection {
 public:
  SingleCollection(std::shared_ptr<const ModifiedList> list, File file,
                   std::vector<SingleRecords::Record> records)
      : list_(std::move(list)), file_(std::move(file)), records_(std::move(records)) {}

  std::size_t size() const override { return records_.size(); }
  // The name that the record has in the archive: the same record by another way is the same record.
  Candidate candidate(std::size_t index) const override {
    const SingleRecords::Record& record = records_[index];
    return {std::string(list_->id(record.index)).append(ending), record.size,
            versions_in(*list_, record.index)};
  }
  std::unique_ptr<Reader> reader() const override { return std::make_unique<SingleReader>(file_, records_); }
  const std::vector<std::string>& removed() const override { return removed_; }

 private:
  std::shared_ptr<const ModifiedList> list_;
  File file_;
  std::vector<SingleRecords::Record> records_;
  std::vector<std::string> removed_;  // none ever
};

}  // namespace

std::unique_ptr<const Collection> listed_archive(std::unique_ptr<const Collection> archive,
                                                 std::shared_ptr<const ModifiedList> list) {
  return std::make_unique<ListedArchive>(std::move(archive), std::move(list));
}

SingleRecords::SingleRecords(std::shared_ptr<const ModifiedList> list, std::filesystem::path directory)
    : list_(std::move(list)), directory_(std::move(directory)), file_(nameless_file(directory_)) {}

void SingleRecords::add(std::size_t index, std::string_view bytes) {
  base::write_all(file_, bytes, directory_.native());
  records_.push_back({index, end_, bytes.size()});
  end_ += bytes.size();
}

std::unique_ptr<const Collection> SingleRecords::finish() {
  return std::make_unique<SingleCollection>(std::move(list_), File(std::move(file_), directory_),
                                            std::move(records_));
}

}  // namespace fetch
