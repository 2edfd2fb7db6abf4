#include "pipeline/scan.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "base/files.hpp"
#include "support/sync_scenario.hpp"

namespace pipeline {
namespace {

// Records with a packed form; notes which of them are read.
class PackedRecords : public fetch::Collection {
 public:
  struct Record {
    std::string id;
    std::string packed;
    std::string bytes;
  };
  explicit PackedRecords(std::vector<Record> records) : records_(std::move(records)) {}

  std::size_t size() const override { return records_.size(); }
  fetch::Candidate candidate(std::size_t index) const override {
    return {records_[index].id + ".json", records_[index].bytes.size()};
  }
  std::unique_ptr<fetch::Reader> reader() const override { return std::make_unique<PackedReader>(*this); }
  const std::vector<std::string>& removed() const override { return removed_; }

  mutable std::vector<std::string> read;  // ids

 private:
  class PackedReader : public fetch::Reader {
   public:
    explicit PackedReader(const PackedRecords& records) : records_(records) {}
    std::string_view read(std::size_t index) override {
      records_.read.push_back(records_.records_[index].id);
      return records_.records_[index].bytes;
    }
    std::optional<base::Fast128> packed_hash(std::size_t index) override {
      return base::fast128(records_.records_[index].packed);
    }

   private:
    const PackedRecords& records_;
  };

  std::vector<Record> records_;
  std::vector<std::string> removed_;
};

class Silence : public Progress {
 public:
  void begin(std::string_view /*stage*/, std::string_view /*subject*/, std::uint64_t /*total*/) override {}
  void advance(std::uint64_t /*count*/) override {}
  void note(std::string_view /*message*/) override {}
};

class PackedScan : public testing::Test {
 protected:
  Scan run(const PackedRecords& records) {
    ScanOptions options;
    options.contents = &contents_;
    options.quarantined = &quarantined_;
    options.progress = &progress_;
    return scan(records, stored_, options);
  }

  void remember(const Scan& scan) {
    const auto file = place_.path() / "contents";
    base::HashSet(scan.marks).save(file, content_marks_title);
    contents_ = base::HashSet::load(file, content_marks_title);
  }

  void store(const std::string& id, const std::string& bytes, store::StoredIndex::Flags flags = {}) {
    stored_.add(id, "", base::fast128(bytes), flags);
  }

  static std::string record(const std::string& id, const std::string& day) {
    return support::osv_record(id, day + "T00:00:00Z");
  }

  store::StoredIndex stored_;
  base::HashSet contents_;

 private:
  base::TemporaryDirectory place_;
  store::Quarantine quarantined_;
  Silence progress_;
};

TEST_F(PackedScan, UnpacksNothingThatLiesAsItLay) {
  const std::string a = record("A-1", "2024-01-01");
  const std::string b = record("A-2", "2024-01-02");
  remember(run(PackedRecords({{"A-1", "p", a}, {"A-2", "q", b}})));
  store("A-1", a);
  store("A-2", b);

  const PackedRecords later({{"A-1", "p", a}, {"A-2", "changed", record("A-2", "2024-02-02")}});
  const Scan found = run(later);
  EXPECT_EQ(later.read, std::vector<std::string>{"A-2"});
  EXPECT_EQ(found.unchanged, 1U);
  ASSERT_EQ(found.changed.size(), 1U);
  EXPECT_EQ(found.changed[0].candidate, 1U);
  EXPECT_TRUE(found.deleted.empty());
  EXPECT_EQ(found.marks.size(), 2U);

  remember(found);
  const PackedRecords again({{"A-1", "p", a}});
  EXPECT_EQ(run(again).deleted, std::vector<std::uint32_t>{1});
  EXPECT_EQ(again.read, std::vector<std::string>{});
}

TEST_F(PackedScan, UnpacksWhatIsStoredOtherwise) {
  const std::string old = record("A-1", "2024-01-01");
  remember(run(PackedRecords({{"A-1", "p", old}})));
  store("A-1", record("A-1", "2024-02-02"));  // since then by another way
  const PackedRecords records({{"A-1", "p", old}});
  EXPECT_EQ(run(records).changed.size(), 1U);
  EXPECT_EQ(records.read, std::vector<std::string>{"A-1"});
}

TEST_F(PackedScan, UnpacksWhatIsMarkedRemovedOrStale) {
  const std::string a = record("A-1", "2024-01-01");
  const std::string b = record("A-2", "2024-01-01");
  remember(run(PackedRecords({{"A-1", "p", a}, {"A-2", "q", b}})));
  store("A-1", a, {.removed = true});
  store("A-2", b, {.stale = true});
  const PackedRecords records({{"A-1", "p", a}, {"A-2", "q", b}});
  EXPECT_EQ(run(records).changed.size(), 2U);
  EXPECT_EQ(records.read, (std::vector<std::string>{"A-1", "A-2"}));
}

TEST_F(PackedScan, UnpacksWhatANewDatabaseDoesNotHold) {
  const std::string a = record("A-1", "2024-01-01");
  remember(run(PackedRecords({{"A-1", "p", a}})));
  const PackedRecords records({{"A-1", "p", a}});
  EXPECT_EQ(run(records).changed.size(), 1U);
  EXPECT_EQ(records.read, std::vector<std::string>{"A-1"});
}

}  // namespace
}  // namespace pipeline
