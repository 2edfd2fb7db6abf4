#include "fetch/known_files.hpp"

#include <algorithm>
#include <utility>

#include "base/ascii.hpp"
#include "base/files.hpp"
#include "base/log.hpp"

namespace fetch {
namespace {

constexpr std::size_t fingerprint_length = 32;

bool is_fingerprint(std::string_view text) {
  return text.size() == fingerprint_length &&
         std::all_of(text.begin(), text.end(), [](char c) { return base::hex_value(c) >= 0; });
}

// A line is a fingerprint, a blank and a stamp. What is none is passed over: a loss of power may leave
// anything.
std::map<std::string, std::string> read_lines(std::string_view text) {
  std::map<std::string, std::string> result;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;  // cut off
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.size() > fingerprint_length && line[fingerprint_length] == ' ' &&
        is_fingerprint(line.substr(0, fingerprint_length)))
      result.emplace(line.substr(fingerprint_length + 1), line.substr(0, fingerprint_length));
  }
  return result;
}

}  // namespace

KnownFiles::KnownFiles(std::filesystem::path path, bool anew) : path_(std::move(path)) {
  if (anew) return;
  try {
    before_ = read_lines(base::read_file_if_present(path_).value_or(""));
  } catch (const base::Error& error) {
    base::log::warn("fingerprints of files cannot be read, reading the files", {{"cause", error.what()}});
  }
}

std::string KnownFiles::fingerprint(const File& file, Clock::time_point now) {
  const File::Stamp stamp = file.stamp();
  if (const auto known = before_.find(stamp.text); known != before_.end()) {
    now_.insert(*known);
    return known->second;
  }
  std::string result = content_fingerprint(file);
  if (stamp.written + granularity < now && file.stamp().text == stamp.text) now_.emplace(stamp.text, result);
  return result;
}

void KnownFiles::save() const {
  if (now_ == before_) return;
  std::string text;
  for (const auto& [stamp, fingerprint] : now_)
    text.append(fingerprint).append(" ").append(stamp).append("\n");
  try {
    base::make_directories(path_.parent_path());
    base::write_cache_file(path_, text);
  } catch (const base::Error& error) {
    base::log::warn("fingerprints of files cannot be kept, the next sync reads the files again",
                    {{"cause", error.what()}});
  }
}

}  // namespace fetch
