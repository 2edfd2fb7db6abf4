// The sample of samples/mirror, parsed, resolved and merged: vulnerabilities everybody knows, from three
// sources that disagree (samples/README.md says about what).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <map>

#include "base/hash.hpp"
#include "support/golden.hpp"
#include "support/json_schema.hpp"
#include "support/paths.hpp"
#include "unit/merge/bench.hpp"

namespace merge {
namespace {

namespace fs = std::filesystem;
using advisory::Source;

/// Readme files and the CVE list's own logs are no records.
bool is_record(const fs::path& file) {
  const std::string name = file.filename().string();
  return file.extension() != ".md" && name.rfind("delta", 0) != 0;
}

/// All records of the sample, one vulnerability per group.
class Sample {
 public:
  explicit Sample(const std::vector<Source>& order) {
    const fs::path mirror = fs::path(VDS_SOURCE_DIR) / "samples" / "mirror";
    for (const Source source : order) {
      const fs::path folder = mirror / advisory::to_string(source);
      std::vector<fs::path> files;
      for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && is_record(entry.path())) files.push_back(entry.path());
      std::sort(files.begin(), files.end());
      for (const fs::path& file : files) add(source, file, file.lexically_relative(folder).generic_string());
    }
    merge_all();
  }

  const advisory::Vulnerability& at(const std::string& id) const { return merged_.at(id); }
  const std::map<std::string, advisory::Vulnerability>& all() const { return merged_; }

  /// Hash of everything, as `digest` computes it but for its form.
  std::string digest() const {
    std::string all;
    for (const auto& [id, merged] : merged_) all += id + base::to_hex(merged.document_hash);
    return base::to_hex(base::sha256(all));
  }

  /// "GO-2024-1" or "CVE-…" of the record that gives the package.
  std::string giver(const std::string& id, std::string_view ecosystem) const {
    for (const advisory::Package& row : at(id).packages)
      if (row.ecosystem == ecosystem) return std::string(row.record_id);
    return "nobody";
  }

  std::size_t conflicts(const std::string& id, std::string_view field) const {
    const base::json::Value* ours = at(id).document.find("database_specific")->find("vuln_datasync");
    const base::json::Value* all = ours->find("conflicts");
    if (all == nullptr) return 0;
    return static_cast<std::size_t>(
        std::count_if(all->items().begin(), all->items().end(),
                      [&](const base::json::Value& each) { return each.find("field")->text() == field; }));
  }

 private:
  void add(Source source, const fs::path& file, const std::string& location) {
    const std::string& bytes = bytes_.emplace_back(support::read_file(file));
    auto parsed = parse::parse(source, location, bytes, arena_);
    if (const auto* refusal = std::get_if<parse::Refusal>(&parsed))
      ADD_FAILURE() << file << ": " << refusal->detail;
    else
      records_.push_back(std::get<advisory::Advisory>(std::move(parsed)));
  }

  void merge_all() {
    for (const advisory::Advisory& each : records_)
      inputs_.push_back(
          {each.source, each.record_id, each.own_id, each.claims, each.retracted, each.cve_rejected});
    resolved_ = resolve::resolve(inputs_, {});
    for (const resolve::Group& group : resolved_.groups) {
      std::vector<Contributor> contributors;
      for (const std::uint32_t index : group.records) contributors.push_back({&records_[index], false});
      merged_.emplace(std::string(group.id), merge::merge(group, contributors, inputs_, arena_));
    }
  }

  base::Arena arena_;
  std::deque<std::string> bytes_;
  std::deque<advisory::Advisory> records_;
  std::vector<resolve::Record> inputs_;
  resolve::Result resolved_;
  std::map<std::string, advisory::Vulnerability> merged_;
};

const Sample& sample() {
  static const Sample instance({Source::osv, Source::gitlab, Source::cve});
  return instance;
}

TEST(MergeSample, EveryDocumentIsInOrder) {
  EXPECT_GE(sample().all().size(), 25U);
  for (const auto& [id, merged] : sample().all())
    EXPECT_EQ(complaints_about(merged.document), std::vector<std::string>{}) << id;
}

TEST(MergeSample, TheOfficialSchemaAcceptsEveryDocument) {
  const char* file = std::getenv("OSV_SCHEMA");
  if (file == nullptr)
    GTEST_SKIP() << "set OSV_SCHEMA to a copy of validation/schema.json of github.com/ossf/osv-schema";
  base::Arena arena;
  const std::string text = support::read_file(file);
  const auto schema = base::json::parse(text, arena);
  ASSERT_FALSE(schema.error);
  for (const auto& [id, merged] : sample().all()) {
    auto complaints = support::schema_complaints(schema.value, merged.document);
    // Prefixes of ids that the schema does not know are the one exception we make.
    if (id.substr(0, 4) == "GMS-") std::erase(complaints, "/id: does not match");
    EXPECT_EQ(complaints, std::vector<std::string>{}) << id;
  }
}

TEST(MergeSample, TheOrderOfTheSourcesDoesNotMatter) {
  std::vector<Source> order = {Source::osv, Source::gitlab, Source::cve};
  std::size_t orders = 0;
  do {
    EXPECT_EQ(Sample(order).digest(), sample().digest());
    ++orders;
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(orders, 6U);
}

TEST(MergeSample, Log4ShellIsOneVulnerabilityOfThreeSources) {
  const advisory::Vulnerability& merged = sample().at("CVE-2021-44228");
  EXPECT_EQ(merged.sources, (std::vector{Source::osv, Source::gitlab, Source::cve}));
  EXPECT_EQ(merged.severity, advisory::Rating::critical);
  EXPECT_EQ(merged.cvss_score_tenths, 100);
  EXPECT_FALSE(merged.withdrawn);  // though GitLab has a tombstone among its files
  EXPECT_GE(sample().conflicts("CVE-2021-44228", "fixed_versions"), 1U);
  for (const advisory::Package& row : merged.packages)
    EXPECT_EQ(row.purl.substr(0, 10), "pkg:maven/") << row.name;
}

TEST(MergeSample, EachPackageIsGivenByItsHomeDatabase) {
  EXPECT_EQ(sample().giver("CVE-2023-4863", "PyPI").substr(0, 6), "PYSEC-");
  EXPECT_EQ(sample().giver("CVE-2023-4863", "crates.io").substr(0, 8), "RUSTSEC-");
}

TEST(MergeSample, DisagreementsAboutSeverityAreConflicts) {
  EXPECT_EQ(sample().conflicts("CVE-2020-26235", "severity"), 1U);
}

}  // namespace
}  // namespace merge
