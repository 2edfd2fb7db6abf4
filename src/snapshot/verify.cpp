#include "snapshot/verify.hpp"

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <set>
#include <thread>

#include "advisory/vulnerability.hpp"
#include "base/file_writer.hpp"
#include "base/format.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/zstd_stream.hpp"
#include "snapshot/layout.hpp"
#include "snapshot/postgres_tools.hpp"
#include "store/digest.hpp"
#include "store/generated/snapshot.hpp"

namespace snapshot {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> paths_below(const fs::path& root) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (!entry.is_directory()) paths.push_back(entry.path().lexically_relative(root).generic_string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// Collects what is wrong, to tell all of it at once.
class Findings {
 public:
  explicit Findings(std::string what) : what_(std::move(what)) {}
  void add(std::string finding) { findings_.push_back(std::move(finding)); }
  void throw_if_any() const {
    if (findings_.empty()) return;
    std::string text = what_ + " is damaged: ";
    constexpr std::size_t most = 5;
    for (std::size_t i = 0; i < std::min(most, findings_.size()); ++i)
      text += (i == 0 ? "" : "; ") + findings_[i];
    if (findings_.size() > most) text += base::format("; and {} more", findings_.size() - most);
    throw VerifyError(text + ". Do not use it; export again");
  }

 private:
  std::string what_;
  std::vector<std::string> findings_;
};

void compare_files(const std::vector<File>& said, const std::vector<File>& found, Findings& findings) {
  std::map<std::string, File> by_path;
  for (const File& file : found) by_path.emplace(file.path, file);
  for (const File& file : said) {
    const auto there = by_path.find(file.path);
    if (there == by_path.end())
      findings.add(file.path + " is missing");
    else if (there->second.size != file.size)
      findings.add(base::format("{} has {} bytes and not {}", file.path, there->second.size, file.size));
    else if (there->second.sha256 != file.sha256)
      findings.add(
          base::format("{} has the SHA-256 {} and not {}", file.path, there->second.sha256, file.sha256));
    by_path.erase(file.path);
  }
  for (const auto& [path, file] : by_path) findings.add(path + " does not belong to it");
}

void check_signature(const fs::path& root, const Manifest& manifest, const std::optional<PublicKey>& key,
                     Findings& findings) {
  const auto signature = base::read_file_if_present(root / signature_name);
  if (!key) return;
  if (!signature) {
    findings.add(base::format("it is not signed, and should be by key {}", key_name(key->number)));
    return;
  }
  try {
    const std::string comment = verify(*key, base::read_file(root / manifest_name), *signature);
    if (comment != trusted_comment(manifest.version))
      findings.add("the signature is of another snapshot: " + comment);
  } catch (const SignatureError& error) {
    findings.add(base::format("{}: {}", signature_name, error.what()));
  }
}

/// The digest of lines of documents, whatever pieces they come in.
class LineDigest {
 public:
  void add(std::string_view piece) {
    for (std::size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
      line_ += piece.substr(0, end);
      add_line();
      line_.clear();
      piece.remove_prefix(end + 1);
    }
    line_ += piece;
  }
  store::Digest finish() {
    if (!line_.empty()) throw VerifyError("its last line is cut off");
    return digest_.finish();
  }

 private:
  void add_line() {
    arena_.reset();
    const base::json::Parsed parsed = advisory::parse_document(line_, arena_);
    const base::json::Value* const id = parsed.value.find("id");
    if (parsed.error || id == nullptr) throw VerifyError("a line of it is no document");
    digest_.add(id->text(), base::bytes_of(base::sha256(line_)));
  }

  std::string line_;
  base::Arena arena_;
  store::DigestBuilder digest_;
};

void compare(std::string_view what, const store::Digest& found, const Manifest& manifest) {
  if (found.vulnerabilities != manifest.vulnerabilities())
    throw VerifyError(base::format("{} holds {} vulnerabilities, and the manifest says {}", what,
                                   found.vulnerabilities, manifest.vulnerabilities()));
  if (const std::string hex = base::to_hex(found.sha256); hex != manifest.digest)
    throw VerifyError(
        base::format("{} has the digest {}, and the manifest says {}", what, hex, manifest.digest));
}

void verify_lines(const fs::path& path, const Manifest& manifest) {
  LineDigest lines;
  const base::Fd fd = base::open_file(path, O_RDONLY);
  std::string buffer(std::size_t{256} << 10, '\0');
  base::zstd_read(
      [&] {
        return std::string_view(buffer).substr(
            0, base::read_some(fd, buffer.data(), buffer.size(), path.string()));
      },
      [&](std::string_view piece) { lines.add(piece); });
  compare(path.filename().string(), lines.finish(), manifest);
}

void verify_restored(const fs::path& path, const Manifest& manifest, const ScratchSettings& settings,
                     const std::stop_token& stop) {
  const ScratchDatabase database(settings);
  const PostgresTools tools = find_postgres_tools(database.server().server_version());
  restore_dump(tools, database.server(), database.name(), path, stop);
  pg::Connection connection = database.connect(manifest.schema);
  compare("the restored database", store::digest(connection), manifest);
  const auto rows = store::sql::count_rows(connection).value();
  const std::map<std::string, std::uint64_t> found = row_counts(rows);
  for (const auto& [table, count] : found)
    if (const auto said = manifest.records.find(table);
        said == manifest.records.end() || said->second != count)
      throw VerifyError(base::format("the restored table {} has {} rows, and the manifest says {}", table,
                                     count, said == manifest.records.end() ? 0 : said->second));
}

bool has(const Manifest& manifest, Format format) {
  return std::find(manifest.formats.begin(), manifest.formats.end(), format) != manifest.formats.end();
}

}  // namespace

File hash_file(const fs::path& root, const std::string& path) {
  File file{path, 0, {}};
  base::Sha256Stream hash;
  const base::Fd fd =
      base::open_file(root / path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);  // a pipe would be waited for
  base::read_pieces(fd, (root / path).string(), [&](std::string_view piece) {
    hash.update(piece);
    file.size += piece.size();
  });
  file.sha256 = base::to_hex(hash.finish());
  return file;
}

std::vector<File> hash_files(const fs::path& root, const std::vector<std::string>& except) {
  std::vector<std::string> paths = paths_below(root);
  std::erase_if(paths, [&](const std::string& path) {
    return std::find(except.begin(), except.end(), path) != except.end();
  });
  std::vector<File> files(paths.size());
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failures[2];
  {
    std::vector<std::jthread> threads;
    for (std::exception_ptr& failure : failures)
      threads.emplace_back([&] {
        try {
          for (std::size_t i = next++; i < paths.size(); i = next++) files[i] = hash_file(root, paths[i]);
        } catch (...) {
          failure = std::current_exception();
        }
      });
  }
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
  return files;
}

Manifest verify_files(const Directory& directory, const std::string& version,
                      const std::optional<PublicKey>& key) {
  const fs::path root = directory.path_of(version);
  Manifest manifest = directory.manifest(version);
  Findings findings("snapshot " + version);
  if (manifest.version != version) findings.add("its manifest is of snapshot " + manifest.version);
  const std::vector<File> all = hash_files(root, {checksums_name});
  if (base::read_file_if_present(root / checksums_name) != checksums(all))
    findings.add(base::format("{} does not fit the files", checksums_name));
  std::vector<File> listed = all;
  std::erase_if(listed,
                [](const File& file) { return file.path == manifest_name || file.path == signature_name; });
  compare_files(manifest.files, listed, findings);
  if (manifest.signed_by.has_value() != fs::exists(root / signature_name))
    findings.add(manifest.signed_by ? "its signature is missing"
                                    : "it has a signature that it should not have");
  check_signature(root, manifest, key, findings);
  findings.throw_if_any();
  return manifest;
}

void verify_content(const fs::path& path, const Manifest& manifest, const ScratchSettings& scratch,
                    const std::stop_token& stop) {
  if (has(manifest, Format::jsonl)) verify_lines(path / lines_name, manifest);
  if (has(manifest, Format::postgres)) verify_restored(path / dump_name, manifest, scratch, stop);
}

}  // namespace snapshot
