#include "pipeline/second_pass.hpp"

#include <gtest/gtest.h>

#include "store/lease.hpp"

namespace pipeline {
namespace {

class Silence : public Progress {
 public:
  void begin(std::string_view, std::string_view, std::uint64_t) override {}
  void advance(std::uint64_t) override { ++batches_; }
  void note(std::string_view) override {}
  int batches() const { return batches_; }

 private:
  int batches_ = 0;
};

TEST(SecondPass, AWriterThatKnowsThatItLostItsLeaseBeginsNoBatch) {
  Worklist work;
  work.batches = {0, 0, 0};  // two empty ones
  const store::Dictionaries dictionaries;
  BatchContext context;
  context.work = &work;
  context.dictionaries = &dictionaries;
  context.dry_run = true;
  context.check = [] { throw store::LeaseError("another writer took over"); };
  Silence progress;
  Options options;
  options.progress = &progress;
  options.writers = 1;
  BatchCounts counts;
  EXPECT_THROW(run_second_pass(context, options, counts), store::LeaseError);
  EXPECT_EQ(progress.batches(), 0);
}

}  // namespace
}  // namespace pipeline
