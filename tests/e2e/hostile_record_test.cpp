// A record whose every text is made for another reader: a shell, an SQL server, a browser, a terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/files.hpp"
#include "support/program.hpp"
#include "support/zip_builder.hpp"

namespace {

using support::Program;
using testing::HasSubstr;
using testing::Not;

constexpr const char* record = R"json({"id":"GO-2024-1","modified":"2024-01-01T00:00:00Z",
"summary":"'; DROP TABLE vulnerabilities; --\u001b]0;owned\u0007\u001b[2J\u202e",
"details":"$(touch owned) `touch owned` <script>alert(1)</script> %s%n",
"aliases":["CVE-2024-0001","../../../etc/passwd"],
"references":[{"type":"WEB","url":"javascript:alert(1)"
}],
"affected":[{"package":{"ecosystem":"npm","name":"a'); DELETE FROM changes; --"},
"versions":["\\copy","1\u001b[31m"]}]
})json";

TEST(HostileRecord, IsTextAndNothingElse) {
  const Program program;
  support::write_file(program.directory() / "mirror/osv/all.zip",
                      support::zip_of({{"GO-2024-1.json", record}}));
  const std::string mirror = (program.directory() / "mirror").string();
  ASSERT_EQ(program.run({"sync", "--quiet", "--mirror", mirror}).status.code, 0);

  const base::RunResult document = program.run({"show", "CVE-2024-0001", "--format", "json"});
  EXPECT_THAT(document.output,
              HasSubstr(R"("summary":"'; DROP TABLE vulnerabilities; --\u001b]0;owned\u0007)"));
  EXPECT_THAT(document.output, HasSubstr("$(touch owned) `touch owned` <script>alert(1)</script> %s%n"));
  EXPECT_EQ(program.run({"show", "GO-2024-1", "--raw"}).output, record);

  for (const char* command : {"show", "explain"}) {
    const base::RunResult text = program.run({command, "GO-2024-1"});
    EXPECT_EQ(text.status.code, 0) << text.error;
    EXPECT_THAT(text.output, HasSubstr("DROP TABLE vulnerabilities"));
    EXPECT_THAT(text.output, Not(HasSubstr("\x1b"))) << command;
    EXPECT_THAT(text.output, Not(HasSubstr("\xE2\x80\xAE"))) << command;
  }
  const char* const counts =
      "SELECT (SELECT count(*) FROM vulnerabilities), (SELECT count(*) FROM changes), name "
      "FROM affected_packages";
  EXPECT_EQ(program.run({"database", "psql", "-XAt", "-c", counts}).output,
            "1|1|a'); DELETE FROM changes; --\n");
  EXPECT_FALSE(std::filesystem::exists(program.directory() / "owned"));
  EXPECT_EQ(program.run({"show", "'; DROP TABLE changes; --"}).status.code, 1);
  EXPECT_EQ(program.run({"show", "../../../etc/passwd"}).status.code, 1);
}

TEST(HostileRecord, IsShownChangedAndExportedHoweverDeepItMayBe) {
  const Program program;
  const std::string mirror = (program.directory() / "mirror").string();
  const std::string deep = std::string(127, '[') + "7" + std::string(127, ']');
  for (const char* summary : {"before", "after"}) {
    support::write_file(
        program.directory() / "mirror/osv/all.zip",
        support::zip_of(
            {{"GO-2024-1.json", R"({"id":"GO-2024-1","modified":"2024-01-01T00:00:00Z","summary":")" +
                                    std::string(summary) + R"(","x":)" + deep + "}"}}));
    ASSERT_EQ(program.run({"sync", "--quiet", "--mirror", mirror}).status.code, 0);
  }
  EXPECT_EQ(program.run({"quarantine", "list"}).output, "");
  EXPECT_THAT(program.run({"show", "GO-2024-1", "--format", "json"}).output, HasSubstr(deep));
  EXPECT_THAT(program.run({"show", "GO-2024-1"}).output, HasSubstr("after"));
  const char* const fields = "SELECT fields FROM changes WHERE kind = 'updated'";
  EXPECT_EQ(program.run({"database", "psql", "-XAt", "-c", fields}).output, "{database_specific,summary}\n");
  const base::RunResult exported = program.run({"export", "--quiet", "--format", "jsonl", "--format", "osv"});
  EXPECT_EQ(exported.status.code, 0) << exported.error;
  EXPECT_EQ(program.run({"exports", "verify", "latest"}).status.code, 0);
}

}  // namespace
