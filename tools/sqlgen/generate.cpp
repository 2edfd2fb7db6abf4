#include "generate.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "pg/migrations.hpp"

namespace sqlgen {

namespace fs = std::filesystem;

std::vector<GeneratedFile> generate(pg::Connection& connection, const fs::path& root) {
  std::vector<fs::path> paths;
  for (const fs::directory_entry& entry : fs::directory_iterator(root / "sql"))
    if (entry.path().extension() == ".sql") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());

  std::vector<QueryFile> files;
  files.reserve(paths.size());
  for (const fs::path& path : paths)
    files.push_back(parse_query_file("sql/" + path.filename().string(), base::read_file(path)));
  pg::Migrator(connection).up();
  return emit(inspect(connection, files));
}

std::vector<std::string> stale_files(const fs::path& folder, const std::vector<GeneratedFile>& files) {
  std::vector<std::string> stale;
  for (const GeneratedFile& file : files)
    if (base::read_file_if_present(folder / file.name) != file.content) stale.push_back(file.name);
  std::error_code missing;  // no folder yet: nothing that should not be there
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, missing)) {
    const std::string name = entry.path().filename().string();
    const bool expected =
        std::any_of(files.begin(), files.end(), [&](const GeneratedFile& f) { return f.name == name; });
    if (!expected) stale.push_back(name);
  }
  std::sort(stale.begin(), stale.end());
  return stale;
}

std::vector<std::string> write_files(const fs::path& folder, const std::vector<GeneratedFile>& files) {
  std::vector<std::string> stale = stale_files(folder, files);
  for (const std::string& name : stale) {
    const auto file =
        std::find_if(files.begin(), files.end(), [&](const GeneratedFile& f) { return f.name == name; });
    if (file == files.end()) {
      base::remove_file(folder / name);
      continue;
    }
    base::make_directories(folder);
    base::write_file_atomically(folder / name, file->content);
  }
  return stale;
}

}  // namespace sqlgen
