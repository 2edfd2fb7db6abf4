#include "snapshot/osv_tree.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "base/format.hpp"

namespace snapshot {

namespace {

constexpr const char* zip_name = "all.zip";
constexpr const char* list_name = "modified_id.csv";

std::filesystem::path made(const std::filesystem::path& path) {
  base::make_directories(path);
  return path;
}

// Orders fractions as their texts are: "Z" (none) behind every ".5Z", and that behind ".50001Z". Each digit
// is a digit of base 11, whose highest stands for the Z.
std::uint32_t fraction_order(std::uint32_t nanos) {
  constexpr std::uint32_t end = 10;
  std::uint32_t order = 0;
  for (std::uint32_t unit = 100'000'000; unit > 0; unit /= 10) {
    order = order * 11 + (nanos == 0 ? end : nanos / unit);
    nanos %= unit;
  }
  return order;
}

}  // namespace

struct OsvTree::Ecosystem {
  Ecosystem(const std::filesystem::path& root, std::string called)
      : name(std::move(called)), zip(made(root / name) / zip_name), list(root / name / list_name) {}
  std::string name;
  base::ZipWriter zip;
  base::FileWriter list;
};

OsvTree::OsvTree(const std::filesystem::path& root, std::uint64_t records)
    : root_(made(root)), all_(root_ / zip_name) {
  lines_.reserve(records + records / 8);  // a record in several directories has several lines
}

OsvTree::~OsvTree() = default;

std::uint16_t OsvTree::ecosystem_called(const std::string& name) {
  const auto [place, is_new] = by_name_.emplace(name, static_cast<std::uint16_t>(ecosystems_.size()));
  if (is_new) ecosystems_.push_back(std::make_unique<Ecosystem>(root_, name));
  return place->second;
}

void OsvTree::add(const OsvEntry& entry) {
  const std::string file = entry.name + ".json";
  const base::DosTime time = base::dos_time(entry.modified.seconds);
  all_.add(file, entry.content, time);
  const std::string_view name = names_.copy(entry.name);
  for (const std::string& directory : entry.directories) {
    const std::uint16_t ecosystem = ecosystem_called(directory);
    ecosystems_[ecosystem]->zip.add(file, entry.content, time);
    lines_.push_back({entry.modified.seconds, entry.modified.nanos, ecosystem,
                      static_cast<std::uint16_t>(name.size()), name.data()});
  }
}

void OsvTree::finish() {
  all_.finish();
  for (const auto& ecosystem : ecosystems_) ecosystem->zip.finish();
  sort_lines();
  write_lists();
  std::string names;
  for (const auto& [name, index] : by_name_) names += name + "\n";
  base::FileWriter list(root_ / "ecosystems.txt");
  list.write(names);
  list.close();
}

void OsvTree::sort_lines() {
  std::sort(lines_.begin(), lines_.end(), [&](const Line& a, const Line& b) {
    if (a.seconds != b.seconds) return a.seconds > b.seconds;
    if (a.nanos != b.nanos) return fraction_order(a.nanos) > fraction_order(b.nanos);
    if (a.ecosystem != b.ecosystem)
      return ecosystems_[a.ecosystem]->name + "/" < ecosystems_[b.ecosystem]->name + "/";
    return a.text() < b.text();
  });
}

void OsvTree::write_lists() {
  base::FileWriter root_list(root_ / list_name);
  for (const Line& line : lines_) {
    Ecosystem& ecosystem = *ecosystems_[line.ecosystem];
    const std::string time = advisory::format_instant({line.seconds, line.nanos});
    root_list.write(base::format("{},{}/{}\n", time, ecosystem.name, line.text()));
    ecosystem.list.write(base::format("{},{}\n", time, line.text()));
  }
  root_list.close();
  for (const auto& ecosystem : ecosystems_) ecosystem->list.close();
}

}  // namespace snapshot
