#include "cli/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.hpp"
#include "cli/error.hpp"

namespace cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Environment = std::vector<std::pair<std::string, std::string>>;

// An empty configuration file keeps those of the machine that runs the tests out.
class Place {
 public:
  Place() { write("empty.toml", ""); }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    base::write_file_atomically(directory_.path() / name, text);
    return directory_.path() / name;
  }
  SettingsInput input(Environment environment = {}) const {
    SettingsInput input;
    input.config_file = directory_.path() / "empty.toml";
    input.environment = std::move(environment);
    return input;
  }

 private:
  base::TemporaryDirectory directory_;
};

Settings read(Environment environment) {
  return read_settings(Place().input(std::move(environment)));
}

std::string failure_of(const SettingsInput& input) {
  try {
    read_settings(input);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

std::string refusal_of(Environment environment) {
  const Place place;
  return failure_of(place.input(std::move(environment)));
}

TEST(Settings, HaveTheDefaultsOfTheContract) {
  const Settings settings = read({});
  EXPECT_TRUE(settings.database.embedded);
  EXPECT_EQ(settings.database.schema, "vulndb");
  EXPECT_EQ(settings.database.max_connections, 100);
  EXPECT_EQ(settings.database.min_connections, 20);
  EXPECT_TRUE(settings.redis.embedded);
  EXPECT_THAT(settings.sources.enabled, ElementsAre("osv", "gitlab", "cve"));
  EXPECT_EQ(settings.sources.osv_bucket, "osv-vulnerabilities");
  EXPECT_EQ(settings.sources.gitlab_repo_url, "https://gitlab.com/gitlab-org/advisories-community.git");
  EXPECT_GE(settings.sources.cve_workers, 1U);
  EXPECT_EQ(settings.batch_size, std::nullopt);
  EXPECT_EQ(settings.sources.reconcile_interval, std::chrono::hours(24));
  EXPECT_EQ(settings.service.sync_interval, "@hourly");
  EXPECT_EQ(settings.service.host, "127.0.0.1");
  EXPECT_EQ(settings.service.port, 8080);
  EXPECT_EQ(settings.log_level, base::log::Level::info);
  EXPECT_TRUE(settings.data_dir.is_absolute());
}

TEST(Settings, ComeFromFlagsThenEnvironmentThenFilesThenDefaults) {
  const Place place;
  SettingsInput input = place.input({{"VULN_DATASYNC_DB_SCHEMA", "prefixed"}, {"DB_SCHEMA", "bare"}});
  input.config_file =
      place.write("c.toml", "db_schema = 'config'\nbatch_size = 1234\n[osv]\nbucket = 'other'\n");
  input.env_file = place.write("e.env", "DB_SCHEMA=envfile\nLOG_LEVEL=debug\nBATCH_SIZE=4321\n");
  input.flags = {{"LOG_LEVEL", {"error", "--log-level"}}};
  Settings settings = read_settings(input);
  EXPECT_EQ(settings.database.schema, "prefixed");
  EXPECT_EQ(settings.log_level, base::log::Level::error);
  EXPECT_EQ(settings.batch_size, 4321U);
  EXPECT_EQ(settings.sources.osv_bucket, "other");

  input.environment = {{"DB_SCHEMA", "bare"}};
  EXPECT_EQ(read_settings(input).database.schema, "bare");
  input.environment = {{"DB_SCHEMA", ""}};
  EXPECT_EQ(read_settings(input).database.schema, "envfile");
  input.env_file = place.write("p.env", "VULN_DATASYNC_DB_SCHEMA=prefixed-in-file\n");
  input.environment = {{"DB_SCHEMA", "bare"}};
  EXPECT_EQ(read_settings(input).database.schema, "prefixed-in-file");
  input.env_file.reset();
  input.environment = {};
  EXPECT_EQ(read_settings(input).database.schema, "config");
}

TEST(Settings, ADurationHasAUnit) {
  const auto interval = [](const char* text) {
    return read({{"RECONCILE_INTERVAL", text}}).sources.reconcile_interval;
  };
  EXPECT_EQ(interval("0"), std::chrono::seconds(0));
  EXPECT_EQ(interval("90s"), std::chrono::seconds(90));
  EXPECT_EQ(interval("15m"), std::chrono::minutes(15));
  EXPECT_EQ(interval("36h"), std::chrono::hours(36));
  EXPECT_EQ(interval("7d"), std::chrono::hours(168));
  for (const char* wrong : {"h", "-1h", "5", "5 h", "5hours", "1.5h", "@daily", "99999999999h"})
    EXPECT_THROW(interval(wrong), UsageError) << wrong;
}

TEST(Settings, AMirrorIsADirectoryOrAnAddressThatCanBeRead) {
  for (const char* good :
       {"mirror", "/srv/mirror", "file:///srv/mirror", "http://host/m", "https://u:p@host/m"})
    EXPECT_EQ(read({{"SOURCE_MIRROR", good}}).sources.mirror, good);
  for (const char* wrong : {"ftp://host/mirror", "file://mirror", "s3://bucket"})
    EXPECT_THROW(read({{"SOURCE_MIRROR", wrong}}), UsageError) << wrong;
}

TEST(Settings, AnEmbeddedDatabaseMayHaveToBeSaid) {
  const Environment strict{{"IMPLICIT_EMBEDDED", "no"}};
  const auto with = [&](const char* name, const char* value) {
    Environment environment = strict;
    environment.emplace_back(name, value);
    return environment;
  };
  EXPECT_EQ(refusal_of(strict),
            "no database is set, and IMPLICIT_EMBEDDED in the environment forbids to assume one: set "
            "DATABASE_URL to a libpq connection string, or to the word embedded for a private PostgreSQL in "
            "the data directory");
  EXPECT_TRUE(read(with("DATABASE_URL", "embedded")).database.embedded);
  EXPECT_TRUE(read(with("DB_DSN", "embedded")).database.embedded);
  EXPECT_EQ(read(with("DB_HOST", "h")).database.url, "host='h'");
  EXPECT_FALSE(read(with("PGHOST", "h")).database.embedded);
  EXPECT_THAT(refusal_of({{"IMPLICIT_EMBEDDED", "maybe"}}), HasSubstr("which is not yes or no"));
  EXPECT_TRUE(read({{"IMPLICIT_EMBEDDED", "yes"}}).database.embedded);
}

TEST(Settings, ADatabaseIsNamedInOneOfSeveralWays) {
  EXPECT_EQ(read({{"DATABASE_URL", "postgresql://h/db"}}).database.url, "postgresql://h/db");
  EXPECT_EQ(read({{"DB_DSN", "host=h"}}).database.url, "host=h");
  EXPECT_EQ(read({{"DATABASE_URL", "postgresql://h/db"}, {"DB_DSN", "x"}}).database.url, "postgresql://h/db");
  const Settings parts = read({{"DB_HOST", "a,b"},
                               {"DB_PORT", "5433"},
                               {"DB_NAME", "n"},
                               {"DB_USER", "o'neil"},
                               {"DB_PASSWORD", "p\\w x"},
                               {"DB_SSL_MODE", "require"}});
  EXPECT_FALSE(parts.database.embedded);
  EXPECT_EQ(parts.database.url,
            "host='a,b' port='5433' dbname='n' user='o\\'neil' password='p\\\\w x' sslmode='require'");
  EXPECT_EQ(parts.database.direct_url, parts.database.url);
  const Settings libpq = read({{"PGHOST", "h"}});
  EXPECT_FALSE(libpq.database.embedded);
  EXPECT_EQ(libpq.database.url, "");
  EXPECT_TRUE(read({{"PGPASSWORD", "x"}}).database.embedded);
  EXPECT_TRUE(read({{"DATABASE_URL", "embedded"}, {"PGHOST", "h"}}).database.embedded);
  EXPECT_TRUE(read({{"VULN_DATASYNC_DATABASE_URL", "embedded"}, {"DATABASE_URL", "postgresql://h/db"}})
                  .database.embedded);
  EXPECT_EQ(read({{"DATABASE_URL", "postgresql://p/db"}, {"DATABASE_DIRECT_URL", "postgresql://d/db"}})
                .database.direct_url,
            "postgresql://d/db");
}

TEST(Settings, WhatKubernetesInjectsIsPassedOver) {
  const Settings settings = read({{"DB_PORT", "tcp://10.0.0.1:5432"},
                                  {"DB_PORT_5432_TCP_ADDR", "10.0.0.1"},
                                  {"DB_SERVICE_HOST", "10.0.0.1"},
                                  {"VULN_DATASYNC_SERVICE_HOST", "10.0.0.2"},
                                  {"VULN_DATASYNC_SERVICE_PORT_HTTP", "80"},
                                  {"VULN_DATASYNC_PORT", "tcp://10.0.0.2:80"},
                                  {"VULN_DATASYNC_PORT_80_TCP_PROTO", "tcp"},
                                  {"VULN_DATASYNC_DB_PORT", "5433"},
                                  {"DB_HOST", "db"}});
  EXPECT_EQ(settings.database.url, "host='db' port='5433'");
}

TEST(Settings, WhatIsUnknownIsNamed) {
  const Place place;
  EXPECT_THAT(refusal_of({{"VULN_DATASYNC_DB_HSOT", "x"}}), HasSubstr("VULN_DATASYNC_DB_HSOT"));
  EXPECT_EQ(refusal_of({{"DB_HSOT", "x"}, {"DATA_DIR", "/x"}}), "");
  SettingsInput input = place.input();
  input.env_file = place.write("e.env", "# comment\nDB_HSOT=x\n");
  EXPECT_THAT(failure_of(input),
              HasSubstr("unknown variable DB_HSOT in " + input.env_file->string() + " line 2"));
  input = place.input();
  input.config_file = place.write("c.toml", "\n[db]\nhsot = 'x'\n");
  EXPECT_THAT(failure_of(input),
              HasSubstr("unknown key db_hsot in " + input.config_file->string() + " line 3"));
  input.config_file = place.write("c.toml", "DB_HOST = 'x'\n");
  EXPECT_THAT(failure_of(input), HasSubstr("unknown key DB_HOST"));
  input.config_file = place.write("c.toml", "db_host = 'x'\n[db]\nhost = 'y'\n");
  EXPECT_THAT(failure_of(input), HasSubstr("db_host stands twice"));
  input.config_file = place.write("c.toml", "db_host = \n");
  EXPECT_THAT(failure_of(input), HasSubstr("c.toml line 1 cannot be read"));
  input.config_file = place.write("c.toml", "\nd\xC3\xA4ta_dir = '/x'\n");
  EXPECT_THAT(failure_of(input), HasSubstr("c.toml line 2 cannot be read"));
  input.config_file = place.write("c.toml", "db_host = 'x' \xD0\x98\n");
  EXPECT_THAT(failure_of(input), HasSubstr("c.toml line 1 cannot be read"));
  input.config_file = place.write("c.toml", "[=\n");
  EXPECT_THAT(failure_of(input), HasSubstr("c.toml line 1 cannot be read"));
  input.config_file = place.write("c.toml", "db_host = 1.5\n");
  EXPECT_THAT(failure_of(input), HasSubstr("db_host in"));
  input.config_file = "/nonexistent.toml";
  EXPECT_THAT(failure_of(input), HasSubstr("/nonexistent.toml"));
}

TEST(Settings, ValuesThatCannotBeUsedAreNamed) {
  EXPECT_EQ(refusal_of({{"DB_PORT", "abc"}}),
            "DB_PORT in the environment is \"abc\", which is not a number from 1 to 65535");
  EXPECT_THAT(refusal_of({{"BATCH_SIZE", "0"}}), HasSubstr("BATCH_SIZE"));
  EXPECT_THAT(refusal_of({{"BATCH_SIZE", "10x"}}), HasSubstr("10x"));
  EXPECT_THAT(refusal_of({{"OSV_WORKERS", "-1"}}), HasSubstr("OSV_WORKERS"));
  EXPECT_THAT(refusal_of({{"SERVER_PORT", "99999999999"}}), HasSubstr("SERVER_PORT"));
  EXPECT_THAT(refusal_of({{"ENABLED_SOURCES", "osv,nvd"}}), HasSubstr("\"osv,nvd\""));
  EXPECT_THAT(refusal_of({{"LOG_LEVEL", "loud"}}), HasSubstr("LOG_LEVEL"));
  EXPECT_THAT(refusal_of({{"VULN_DATASYNC_LOG_FORMAT", "xml"}}), HasSubstr("VULN_DATASYNC_LOG_FORMAT"));
  EXPECT_THAT(refusal_of({{"DB_MAX_CONNS", "5"}, {"DB_MIN_CONNS", "6"}}),
              HasSubstr("at most DB_MAX_CONNS, which is 5"));
  EXPECT_THAT(refusal_of({{"DB_SCHEMA", std::string(64, 'x')}}), HasSubstr("DB_SCHEMA"));
  EXPECT_EQ(read({{"DB_MAX_CONNS", "5"}}).database.min_connections, 5);
}

TEST(Settings, SecretsMayStandInFilesAndAreNotShown) {
  const Place place;
  const std::string file = place.write("password", "s3cret\n").string();
  EXPECT_EQ(read({{"DB_HOST", "h"}, {"DB_PASSWORD_FILE", file}}).database.url, "host='h' password='s3cret'");
  EXPECT_EQ(read({{"VULN_DATASYNC_DATABASE_URL_FILE", file}}).database.url, "s3cret");
  const std::string twice = refusal_of({{"DB_PASSWORD", "s3cret"}, {"DB_PASSWORD_FILE", file}});
  EXPECT_EQ(
      twice,
      "both DB_PASSWORD in the environment and DB_PASSWORD_FILE in the environment are set: remove one");
  EXPECT_THAT(refusal_of({{"DB_PASSWORD_FILE", "/nonexistent"}}), HasSubstr("DB_PASSWORD_FILE"));
  EXPECT_EQ(read({{"API_TOKENS_FILE", "/run/secrets/tokens"}}).service.tokens_file, "/run/secrets/tokens");
  EXPECT_THAT(read({{"API_TOKENS", "a, b,"}}).service.tokens, ElementsAre("a", "b"));
}

TEST(Settings, SourcesAreInOrderOfPrecedence) {
  EXPECT_THAT(read({{"ENABLED_SOURCES", "cve, osv,cve"}}).sources.enabled, ElementsAre("osv", "cve"));
  const Place place;
  SettingsInput input = place.input();
  input.config_file = place.write("c.toml", "enabled_sources = ['gitlab', 'osv']\n");
  EXPECT_THAT(read_settings(input).sources.enabled, ElementsAre("osv", "gitlab"));
}

TEST(Settings, TheDataDirectory) {
  EXPECT_EQ(read({{"VULN_DATASYNC_DATA_DIR", "/a/../b"}}).data_dir, "/b");
  EXPECT_EQ(read({{"VULN_DATASYNC_DATA_DIR", "relative"}}).data_dir,
            std::filesystem::current_path() / "relative");
}

TEST(EnvFile, IsReadAsShellsAndDockerDo) {
  const Place place;
  SettingsInput input = place.input();
  input.env_file =
      place.write("e.env",
                  "\n# comment\nexport DB_HOST=h # comment\n DB_NAME = 'a #b' \r\nDB_USER=\"x\\\"y\\n\" # z\n"
                  "DB_PASSWORD=a#b$c=d\nDB_PORT=\nDB_SCHEMA=one\nDB_SCHEMA=two\nPGAPPNAME=vds-test\n");
  const Settings settings = read_settings(input);
  EXPECT_EQ(settings.database.url, "host='h' dbname='a #b' user='x\"y\n' password='a#b$c=d'");
  EXPECT_EQ(settings.database.schema, "two");
  EXPECT_STREQ(std::getenv("PGAPPNAME"), "vds-test");
  ::unsetenv("PGAPPNAME");
}

TEST(EnvFile, BadLinesAreNamed) {
  const Place place;
  SettingsInput input = place.input();
  for (const char* line : {"DB_HOST", "=x", "DB HOST=x", "DB_HOST='x", "DB_HOST=\"x", "DB_HOST='x'y"}) {
    input.env_file = place.write("e.env", line);
    EXPECT_THAT(failure_of(input), HasSubstr("e.env line 1 cannot be read")) << line;
  }
}

}  // namespace
}  // namespace cli
