// Servers that break off, lie or are away, a full disk and a kill, as the true program meets them: old data
// stay, the message names the cause, and the next run finishes the work.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "support/cve_project.hpp"
#include "support/http_server.hpp"
#include "support/osv_bucket.hpp"
#include "support/program.hpp"
#include "support/sync_scenario.hpp"
#include "support/zip_builder.hpp"

namespace {

namespace fs = std::filesystem;
using support::HttpAnswer;
using support::HttpRequest;
using support::HttpServer;
using support::Program;
using testing::AllOf;
using testing::HasSubstr;

std::string noise(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 1;
  for (char& c : bytes) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

class NetworkFaults : public testing::Test {
 protected:
  NetworkFaults() {
    for (const char* variable : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
      program_.set(variable, "");
    program_.set("CVE_PROJECT_URL", server_.url("/cve.zip"));
    program_.set("OSV_GCS_ENDPOINT", server_.url());
    program_.set("OSV_HTTP_URL", server_.url("/plain"));
    publish_cve(1);
    bucket()->content = support::zip_of({{"GO-1.json", support::osv_record("GO-1", "2024-01-01T00:00:00Z")}});
  }

  void publish_cve(int records, const std::string& filling = "") {
    support::ZipBuilder zip;
    for (int i = 1000; i < 1000 + records; ++i) {
      const std::string id = "CVE-2024-" + std::to_string(i);
      zip.add("cvelistV5-main/cves/2024/1xxx/" + id + ".json",
              support::cve_record(id, "Text", "2024-01-01T00:00:00.000Z"));
    }
    zip.add("cvelistV5-main/filling", filling, {.stored = true});
    const auto lock = server_.lock();
    cve_ = zip.finish();
    etag_ = "\"" + std::to_string(++versions_) + "\"";
  }
  void set_fault(std::function<HttpAnswer(HttpAnswer)> fault) {
    const auto lock = server_.lock();
    fault_ = std::move(fault);
  }
  support::Locked<support::OsvBucket> bucket() { return {server_.lock(), bucket_}; }
  HttpAnswer answer(const HttpRequest& request) {
    const bool is_cve = request.path() == "/cve.zip";
    HttpAnswer answer = is_cve ? support::file_answer(request, cve_, etag_) : bucket_(request);
    return is_cve && fault_ ? fault_(std::move(answer)) : answer;
  }

  base::RunResult sync(const std::string& source = "cve") {
    return program_.run({"sync", "--quiet", "--source", source});
  }
  std::string digest() { return program_.run({"digest"}).output; }

  // The state before, and a newer one at the server.
  void load_and_change() {
    ASSERT_EQ(sync().status.code, 0);
    before_ = digest();
    publish_cve(2);
  }
  // A sync that must fail for a reason and change nothing.
  void expect_failure(const std::string& reason) {
    const base::RunResult result = sync();
    EXPECT_EQ(result.status.code, 1) << reason;
    EXPECT_THAT(result.output, AllOf(HasSubstr("cve     failed: "), HasSubstr(reason)));
    EXPECT_EQ(digest(), before_) << reason;
  }
  void expect_recovery() {
    set_fault(nullptr);
    const base::RunResult result = sync();
    EXPECT_EQ(result.status.code, 0) << result.error;
    EXPECT_THAT(result.output, HasSubstr("1 inserted"));
    EXPECT_NE(digest(), before_);
  }

  support::OsvBucket bucket_;
  std::string cve_;
  std::string etag_;
  int versions_ = 0;
  std::function<HttpAnswer(HttpAnswer)> fault_;
  std::string before_;
  HttpServer server_{[this](const HttpRequest& request) { return answer(request); }};
  Program program_;
};

TEST_F(NetworkFaults, OfOneSourceLeaveItsDataAsTheyWere) {
  load_and_change();
  const auto redirect_to = [](std::string target) {
    return [target](const HttpAnswer&) {
      return HttpAnswer{.status = 302, .fields = {{"Location", target}}};
    };
  };
  set_fault([](const HttpAnswer&) { return HttpAnswer{.body = "<html>Please log in</html>"}; });
  expect_failure("it is not a zip archive, it begins with \"<html>Please log in</html>\"; it came from " +
                 server_.url("/cve.zip"));
  set_fault(redirect_to(server_.url("/cve.zip")));
  expect_failure("redirects");
  set_fault(redirect_to("file:///etc/passwd"));
  expect_failure("Protocol \"file\"");
  set_fault([](const HttpAnswer&) { return HttpAnswer{.status = 404}; });
  expect_failure("status 404");
  set_fault([](const HttpAnswer&) { return HttpAnswer{.status = 503, .fields = {{"Retry-After", "3600"}}}; });
  expect_failure("come back in 3600 seconds");
  expect_recovery();
}

TEST_F(NetworkFaults, ThatPassAreWaitedFor) {
  load_and_change();
  std::atomic<int> failures = 0;
  set_fault([&](HttpAnswer answer) {
    switch (++failures) {
      case 1:
        return HttpAnswer{.status = 503, .fields = {{"Retry-After", "1"}}};
      case 2:
        answer.break_after = answer.body.size() / 2;
        answer.reset = true;
        return answer;
      case 3:
        answer.announced_length = answer.body.size() + 10;
        return answer;
      default:
        return answer;
    }
  });
  EXPECT_EQ(sync().status.code, 0);
  EXPECT_EQ(failures, 4);
  EXPECT_NE(digest(), before_);
}

TEST_F(NetworkFaults, TruncationIsNamedAndNothingIsTaken) {
  load_and_change();
  set_fault([](HttpAnswer answer) {
    answer.break_after = answer.body.size() / 2;
    return answer;
  });
  expect_failure("bytes");
  // With a right length for half of it: only the archive itself tells.
  set_fault([](HttpAnswer answer) {
    answer.body.resize(answer.body.size() / 2);
    return answer;
  });
  expect_failure("archive.zip");
  expect_recovery();
}

TEST_F(NetworkFaults, AWrongChecksumIsNotBelieved) {
  bucket()->promised_content = "something else";
  const base::RunResult refused = sync("osv");
  EXPECT_EQ(refused.status.code, 1);
  EXPECT_THAT(refused.output, HasSubstr("checksum (crc32c)"));
  bucket()->promised_content.clear();
  bucket()->gcs_status = 503;
  const fs::path report = program_.directory() / "report.json";
  EXPECT_EQ(program_.run({"sync", "--quiet", "--source", "osv", "--report", report.string()}).status.code, 0);
  EXPECT_THAT(base::read_file(report), AllOf(HasSubstr(R"("route": "http")"), HasSubstr("status 503")));
}

TEST_F(NetworkFaults, AServerThatDripsDoesNotKeepASyncFromEnding) {
  publish_cve(1, noise(1 << 16));  // hours of drops
  set_fault([](HttpAnswer answer) {
    answer.drip = true;
    return answer;
  });
  base::Command command = program_.command({"sync", "--quiet", "--source", "cve"});
  command.output = base::Stream::pipe();
  base::Process process(command);
  while (server_.requests().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  process.signal(SIGTERM);
  const std::optional<base::ExitStatus> end = process.wait_for(std::chrono::minutes(2));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->code, 143);
  std::string output(4096, '\0');
  output.resize(base::read_some(process.output(), output.data(), output.size(), "the program"));
  EXPECT_THAT(output, HasSubstr("cve     failed: interrupted before it was read\n"));
}

TEST_F(NetworkFaults, ADownloadThatWasKilledIsResumed) {
  constexpr std::size_t part = 3 << 20;
  publish_cve(5, noise(part + 1'000'000));
  bool first = true;
  set_fault([&](HttpAnswer answer) {
    if (!std::exchange(first, false)) return HttpAnswer{.status = 503, .fields = {{"Retry-After", "100"}}};
    answer.break_after = part;
    return answer;
  });
  base::Process process(program_.command({"sync", "--quiet", "--source", "cve"}));
  const fs::path file = program_.data_dir() / "cache/cve/archive.zip.part";
  std::error_code ignored;
  for (int i = 0; i < 2000 && (!fs::exists(file) || fs::file_size(file, ignored) < part); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  process.signal(SIGKILL);
  process.wait();
  set_fault(nullptr);
  const base::RunResult result = sync();
  EXPECT_THAT(result.output, HasSubstr("5 seen, 5 inserted")) << result.error;
  EXPECT_EQ(server_.requests().back().field("range"), "bytes=" + std::to_string(part) + "-");
}

TEST_F(NetworkFaults, AFullDiskIsNamedAndTheNextRunFinishes) {
  publish_cve(3, noise(2 << 20));
  const std::string mirror = program_.directory() / "mirror";
  base::Command limited = program_.command({"mirror", mirror, "--quiet", "--source", "cve"});
  // 512 blocks of at most 1024 bytes: the first file that grows beyond meets the end of the disk.
  limited.arguments.insert(limited.arguments.begin(), {"sh", "-c", "ulimit -f 512; exec \"$@\"", "sh"});
  const base::RunResult full = base::run(limited);
  EXPECT_EQ(full.status.code, 1) << full.status.to_string();
  EXPECT_THAT(full.output, AllOf(HasSubstr("cve     failed: "), HasSubstr("archive.zip.part"),
                                 HasSubstr("File too large")));
  EXPECT_FALSE(fs::exists(mirror + "/cve/main.zip"));
  EXPECT_EQ(program_.run({"mirror", mirror, "--quiet", "--source", "cve"}).status.code, 0);
  const base::RunResult result =
      program_.run({"sync", "--quiet", "--dry-run", "--source", "cve", "--mirror", mirror});
  EXPECT_THAT(result.output, HasSubstr("3 seen, 3 inserted"));
}

}  // namespace
