// Holds the real `#include` lines of src/ against the house's plan (ARCHITECTURE.md, "Rooms"): which room may
// include which, and which library has which users. The tables below are a copy of that one: whoever adds a
// room or a library adds its row to both.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "support/paths.hpp"

namespace house {
namespace {

namespace fs = std::filesystem;
using Rooms = std::set<std::string>;

const fs::path root = VDS_SOURCE_DIR;

// Room -> the rooms it may include, besides itself and `base`, from the entry points down; a single header
// where it may not include the whole room.
const std::map<std::string, Rooms> may_include = {
    {"cli",
     {"advisory", "api", "embedded", "fetch", "http", "jobs", "merge", "parse", "pg", "pipeline", "redis",
      "resolve", "snapshot", "store"}},
    {"api",
     {"advisory", "jobs/job_state.hpp", "jobs/queue.hpp", "jobs/task_types.hpp", "pg", "redis", "snapshot",
      "store"}},
    {"jobs", {"advisory", "pg", "pipeline", "redis", "snapshot", "store"}},
    {"pipeline", {"advisory", "fetch", "merge", "parse", "pg", "resolve", "store"}},
    {"fetch", {"http"}},
    {"parse", {"advisory"}},
    {"resolve", {"advisory"}},
    {"merge", {"advisory", "resolve"}},  // what resolve found is what it merges
    {"store", {"advisory", "pg"}},
    {"snapshot", {"advisory", "pg", "store"}},
    {"pg", {}},
    {"embedded", {}},
    {"http", {}},
    {"redis", {}},
    {"advisory", {}},
    {"base", {}},
};

// How a library's headers begin -> the rooms that may include them.
const std::map<std::string, Rooms> library_users = {
    {"CLI/", {"cli"}},
    {"toml++/", {"cli"}},
    {"libpq-fe.h", {"pg"}},
    {"yaml.h", {"parse"}},
    {"libdeflate.h", {"base", "fetch"}},
    {"zlib.h", {"base", "fetch"}},
    {"fmt/", {"base"}},
    {"spdlog/", {"base"}},
    {"simdjson", {"base"}},
    {"openssl/", {"base", "redis"}},
    {"xxhash.h", {"base"}},
    {"zstd.h", {"base"}},
    {"zdict.h", {"base"}},
    {"curl/", {"http"}},
    {"hiredis/", {"redis"}},
    {"boost/", {"api"}},
    {"asynq.pb.h", {"jobs"}},
    {"google/protobuf/", {"jobs"}},
};

// The operating system's own headers; every room may use them.
const std::regex system_header(
    "(sys|linux|netinet|arpa)/"
    ".*|(cxxabi|dirent|dlfcn|endian|fcntl|grp|langinfo|malloc|netdb|poll|pthread|pwd|"
    "sched|signal|spawn|termios|time|unistd)\\.h");

struct Include {
  std::string room;    // of the file that includes
  std::string header;  // as written between the quotes or brackets
  bool quoted = false;
};

// What is wrong with one #include line; empty where nothing is.
std::string complaint(const Include& include) {
  const auto room = may_include.find(include.room);
  if (room == may_include.end()) return "the room " + include.room + " is not in the plan";
  if (include.quoted) {
    const std::string target = include.header.substr(0, include.header.find('/'));
    if (target == include.header) return "write the path from src/, as in \"base/error.hpp\"";
    if (target == include.room || target == "base" || room->second.count(target) == 1) return {};
    if (room->second.count(include.header) == 1) return {};
    return include.room + " may not include " + target;
  }
  for (const auto& [prefix, users] : library_users) {
    if (include.header.rfind(prefix, 0) != 0) continue;
    return users.count(include.room) == 1 ? std::string()
                                          : include.room + " may not use the library " + prefix;
  }
  const bool of_the_language = include.header.find_first_of("./") == std::string::npos;
  if (of_the_language || std::regex_match(include.header, system_header)) return {};
  return "no room is named as the user of this library";
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The C++ files below a folder, but for generated ones.
std::vector<fs::path> sources(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(root).generic_string();
    const std::string extension = entry.path().extension().string();
    if ((extension == ".cpp" || extension == ".hpp") && name.find("generated") == std::string::npos) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(Includes, FollowThePlanOfTheHouse) {
  const std::regex include_line("\\s*#\\s*include\\s*([\"<])([^\">]+)[\">].*");
  std::size_t seen = 0;
  for (const fs::path& file : sources(root / "src")) {
    const fs::path inside = file.lexically_relative(root / "src");
    std::size_t number = 0;
    for (const std::string& line : lines_of(file)) {
      ++number;
      std::smatch match;
      if (!std::regex_match(line, match, include_line)) continue;
      ++seen;
      const Include include{inside.begin()->string(), match[2], match[1] == "\""};
      EXPECT_EQ(complaint(include), "") << "src/" << inside.generic_string() << ":" << number << ": " << line;
    }
  }
  EXPECT_GT(seen, 100U) << "the #include lines were not found";
}

TEST(Includes, ThePlanHasNoCircle) {
  // A room is done once every room it may include is done; a circle never gets done.
  Rooms done;
  for (std::size_t round = 0; round < may_include.size(); ++round) {
    for (const auto& [room, targets] : may_include) {
      const bool ready = std::all_of(targets.begin(), targets.end(), [&done](const std::string& target) {
        return done.count(target.substr(0, target.find('/'))) == 1;
      });
      if (ready) done.insert(room);
    }
  }
  for (const auto& [room, targets] : may_include) EXPECT_EQ(done.count(room), 1U) << room;
}

TEST(Includes, ViolationsAreNamed) {
  EXPECT_EQ(complaint({"store", "pg/connection.hpp", true}), "");
  EXPECT_EQ(complaint({"merge", "pg/connection.hpp", true}), "merge may not include pg");
  EXPECT_EQ(complaint({"base", "advisory/advisory.hpp", true}), "base may not include advisory");
  EXPECT_EQ(complaint({"pipeline", "snapshot/export.hpp", true}), "pipeline may not include snapshot");
  EXPECT_EQ(complaint({"api", "jobs/queue.hpp", true}), "");
  EXPECT_EQ(complaint({"api", "jobs/worker.hpp", true}), "api may not include jobs");
  EXPECT_EQ(complaint({"attic", "base/error.hpp", true}), "the room attic is not in the plan");
  EXPECT_EQ(complaint({"pg", "connection.hpp", true}), "write the path from src/, as in \"base/error.hpp\"");
  EXPECT_EQ(complaint({"pg", "libpq-fe.h", false}), "");
  EXPECT_EQ(complaint({"store", "libpq-fe.h", false}), "store may not use the library libpq-fe.h");
  EXPECT_EQ(complaint({"fetch", "boost/asio.hpp", false}), "fetch may not use the library boost/");
  EXPECT_EQ(complaint({"fetch", "uv.h", false}), "no room is named as the user of this library");
  EXPECT_EQ(complaint({"fetch", "sys/mman.h", false}), "");
  EXPECT_EQ(complaint({"fetch", "vector", false}), "");
}

TEST(Includes, NoFileIsLongerThan400Lines) {
  for (const char* folder : {"src", "tests", "tools"}) {
    for (const fs::path& file : sources(root / folder)) {
      EXPECT_LE(lines_of(file).size(), 400U) << file << ": split it along what it is about";
    }
  }
}

}  // namespace
}  // namespace house
