// Writing a mirror from live sources on this machine; what is read from it is what they have.
#include "fetch/mirror_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetch/mirror_index.hpp"
#include "support/cve_project.hpp"
#include "support/git_builder.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"
#include "unit/fetch/live_fixture.hpp"

namespace fetch {
namespace {

namespace fs = std::filesystem;
using support::HttpRequest;
using support::HttpServer;
using support::osv_record;
using testing::ElementsAre;
using testing::HasSubstr;

class MirrorWriter : public LiveTest {
 protected:
  MirrorWriter() {
    settings_.osv_gcs_endpoint = server_.url();
    settings_.osv_http_url = server_.url("/plain");
    settings_.cve_project_url = server_.url("/cve/archive/refs/heads/main.zip");
    settings_.cve_raw_url = server_.url("/raw");
    settings_.gitlab_repo_url = repository_.path();
    cve()->change("CVE-2024-1000", "One", "2024-05-01T10:00:00Z");
    repository_.put("npm/a/CVE-1.yml", "one").commit();
    publish({{"GO-1", "2024-01-01"}, {"GO-2", "2024-01-01"}});
  }

  support::Locked<support::CveProject> cve() { return {server_.lock(), cve_}; }
  // A list, single files and an archive of records that changed on these days.
  void publish(const std::map<std::string, std::string>& days, bool archive = true) {
    support::ZipBuilder zip;
    const auto lock = server_.lock();
    bucket_.list.clear();
    for (const auto& [id, day] : days) {
      const std::string record = osv_record(id, day + "T00:00:00Z");
      zip.add(id + ".json", record);
      bucket_.records["Go/" + id + ".json"] = record;
      bucket_.list += day + "T00:00:00Z,Go/" + id + "\n";
    }
    ++bucket_.list_generation;
    if (!archive) return;
    bucket_.content = zip.finish();
    ++bucket_.generation;
  }

  std::map<std::string, MirroredSource> write(std::vector<std::string> sources = {"osv", "gitlab", "cve"}) {
    MirrorOptions options;
    options.directory = mirror();
    options.sources = std::move(sources);
    options.live = settings_;
    options.reconcile_interval = std::chrono::hours(24);
    options.note = [](std::string_view, std::string_view) {};
    return write_mirror(options);
  }
  fs::path mirror() const { return directory_.path() / "mirror"; }
  std::vector<std::string> files() const {
    std::vector<std::string> paths;
    for (const MirrorFile& file :
         read_mirror_index(base::read_file(mirror() / "mirror.json"), "mirror.json").files)
      if (!file.path.starts_with("gitlab/")) paths.push_back(file.path);
    return paths;
  }
  Contents read(const std::string& source) const { return contents(open_mirror(request(source), mirror())); }
  Contents read_live(const std::string& source) const {
    Request asked = request(source);
    asked.cache = cache() / "live" / source;
    return contents(open_live(asked, settings_));
  }

  support::OsvBucket bucket_;
  support::CveProject cve_;
  support::GitBuilder repository_{directory_.path() / "repository"};
  HttpServer server_{[this](const HttpRequest& request) {
    const bool is_cve = request.path().starts_with("/cve") || request.path().starts_with("/raw");
    return is_cve ? cve_(request) : bucket_(request);
  }};
};

TEST_F(MirrorWriter, HoldsWhatTheSourcesHave) {
  for (const auto& [source, result] : write()) EXPECT_EQ(result.mode + result.error, "full") << source;
  EXPECT_THAT(files(), ElementsAre("cve/main.zip", "osv/all.zip", "osv/modified_id.csv"));
  for (const char* source : {"osv", "gitlab", "cve"}) EXPECT_EQ(read(source), read_live(source)) << source;
}

TEST_F(MirrorWriter, MayBeReadByOthersWhoServeIt) {
  write();
  const auto readable_by_others = [](const fs::path& path) {
    const fs::perms wanted =
        fs::is_directory(path) ? fs::perms::others_read | fs::perms::others_exec : fs::perms::others_read;
    return (fs::status(path).permissions() & wanted) == wanted;
  };
  EXPECT_TRUE(readable_by_others(mirror()));
  for (auto entry = fs::recursive_directory_iterator(mirror()); entry != fs::recursive_directory_iterator();
       ++entry) {
    if (entry->path().filename() == ".download")
      entry.disable_recursion_pending();
    else
      EXPECT_TRUE(readable_by_others(entry->path())) << entry->path();
  }
}

TEST_F(MirrorWriter, FetchesOnlyWhatChanged) {
  write();
  const auto [size, time] =
      std::pair(fs::file_size(mirror() / "osv/all.zip"), fs::last_write_time(mirror() / "osv/all.zip"));
  for (const auto& [source, result] : write()) EXPECT_EQ(result.mode + result.error, "unchanged") << source;
  publish({{"GO-1", "2024-01-01"}, {"GO-2", "2024-02-02"}, {"GO-3", "2024-02-02"}});
  cve()->change("CVE-2024-1001", "Two", "2024-05-01T11:00:00Z");
  repository_.put("npm/b/CVE-2.yml", "two").remove("npm/a/CVE-1.yml").commit();
  for (const auto& [source, result] : write()) EXPECT_EQ(result.mode + result.error, "delta") << source;
  EXPECT_EQ(fs::last_write_time(mirror() / "osv/all.zip"), time);
  EXPECT_EQ(files().size(), 6U);
  EXPECT_THAT(files(), testing::IsSupersetOf({"osv/Go/GO-2.json", "osv/Go/GO-3.json"}));
  for (const char* source : {"osv", "gitlab", "cve"}) EXPECT_EQ(read(source), read_live(source)) << source;
}

TEST_F(MirrorWriter, TakesTheArchiveWhereARecordVanished) {
  write({"osv"});
  publish({{"GO-1", "2024-01-01"}});
  EXPECT_EQ(write({"osv"}).at("osv").mode, "full");
  EXPECT_EQ(read("osv").size(), 1U);
}

TEST_F(MirrorWriter, AsksAgainForARecordThatWasNotThereYet) {
  write({"osv"});
  const std::string old = bucket_.records["Go/GO-2.json"];
  publish({{"GO-1", "2024-01-01"}, {"GO-2", "2024-02-02"}}, false);
  const std::string newer = std::exchange(bucket_.records["Go/GO-2.json"], old);
  write({"osv"});
  bucket_.records["Go/GO-2.json"] = newer;
  EXPECT_EQ(write({"osv"}).at("osv").mode, "delta");
  EXPECT_EQ(read("osv").find("GO-2.json")->second, newer);
}

TEST_F(MirrorWriter, LeavesAPartAsItWasWhereItsSourceFails) {
  write();
  const Contents before = read("cve");
  cve()->git_up = cve()->archive_up = false;
  cve()->log_text = "<html>";
  publish({{"GO-1", "2024-03-03"}, {"GO-2", "2024-01-01"}});
  const auto results = write();
  EXPECT_THAT(results.at("cve").error, HasSubstr("main.zip"));
  EXPECT_EQ(results.at("osv").error, "");
  EXPECT_EQ(read("cve"), before);
  EXPECT_EQ(read("osv"), read_live("osv"));
}

TEST_F(MirrorWriter, StartsOverWhereItsListOrItsFilesAreGone) {
  write();
  fs::remove(mirror() / "mirror.json");
  fs::remove(mirror() / "cve/main.zip");
  fs::remove(mirror() / "osv/all.zip");
  for (const auto& [source, result] : write()) EXPECT_EQ(result.error, "") << source;
  for (const char* source : {"osv", "gitlab", "cve"}) EXPECT_EQ(read(source), read_live(source)) << source;
}

TEST_F(MirrorWriter, WaitsForNoOther) {
  write();
  const auto lock = base::FileLock::acquire(mirror() / ".download/lock", base::FileLock::Mode::exclusive);
  EXPECT_THROW(write(), Error);
}

}  // namespace
}  // namespace fetch
