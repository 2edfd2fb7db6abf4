// The change feed while it is written: a reader that follows the cursor misses nothing and sees nothing
// twice.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/format.hpp"
#include "pipeline/sync.hpp"
#include "support/sync_scenario.hpp"

namespace pipeline {
namespace {

using support::osv_record;
using support::SyncScenario;

constexpr int records = 600;

void put_records(SyncScenario& world, std::string_view summary) {
  for (int i = 0; i < records; ++i) {
    const std::string id = base::format("GO-2024-{}", 1000 + i);
    world.osv[id] = osv_record(id, "2024-01-01T00:00:00Z", base::format(R"("summary":"{} {}")", summary, i));
  }
}

/// Reads the feed as a consumer does, a few rows at a time from where it stands, until told to stop and
/// nothing is left. Every row must be the next one, and what it speaks of must be there to be read.
class Consumer {
 public:
  explicit Consumer(const pg::Settings& database)
      : connection_(database), thread_([this](const std::stop_token& stop) { run(stop); }) {}
  std::int64_t finish() {
    thread_.request_stop();
    thread_.join();
    return cursor_;
  }
  int mistakes() const { return mistakes_; }

 private:
  void run(const std::stop_token& stop) {
    for (;;) {
      const bool last = stop.stop_requested();
      if (read_page()) continue;
      if (last) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  bool read_page() {
    const auto rows = connection_.query(
        "SELECT c.cursor, v.document_hash = c.document_hash FROM changes c LEFT JOIN vulnerabilities v USING "
        "(uid)"
        " WHERE c.cursor > $1 ORDER BY c.cursor LIMIT 7",
        cursor_);
    for (const auto row : rows) {
      const auto cursor = row.get<std::int64_t>(0);
      if (cursor != cursor_ + 1 || row.is_null(1)) ++mistakes_;
      cursor_ = cursor;
    }
    return !rows.empty();
  }

  pg::Connection connection_;
  std::int64_t cursor_ = 0;
  int mistakes_ = 0;
  std::jthread thread_;  // last: it uses the others
};

TEST(ChangeFeed, AReaderMissesNothingWhileSeveralWritersCommit) {
  SyncScenario world;
  world.options.writers = 4;
  world.options.batch_size = 3;
  put_records(world, "first");
  Consumer consumer(world.database());
  EXPECT_EQ(world.sync().vulnerabilities.created, records);
  put_records(world, "second");
  EXPECT_EQ(world.sync().vulnerabilities.updated, records);
  EXPECT_EQ(consumer.finish(), 2 * records);
  EXPECT_EQ(consumer.mistakes(), 0);
  EXPECT_EQ(world.value("SELECT count(DISTINCT (uid, kind)) FROM changes"), std::to_string(2 * records));
}

}  // namespace
}  // namespace pipeline
