#include "fetch/zip_source.hpp"

#include <algorithm>
#include <utility>

#include "base/format.hpp"
#include "fetch/zip.hpp"
#include "fetch/zip_unpack.hpp"

namespace fetch {
namespace {

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_archive(std::string_view name) {
  return name.ends_with(".zip");
}

class ZipRecords : public Reader {
 public:
  explicit ZipRecords(const ZipArchive& archive) : reader_(archive) {}
  std::string_view read(std::size_t index) override { return reader_.read(index); }
  std::optional<base::Fast128> packed_hash(std::size_t index) override { return reader_.packed_hash(index); }

 private:
  ZipReader reader_;
};

class ZipCollection : public Collection {
 public:
  ZipCollection(ZipArchive archive, std::string_view root) : archive_(std::move(archive)), root_(root) {}

  std::size_t size() const override { return archive_.size(); }
  Candidate candidate(std::size_t index) const override {
    const ZipEntry entry = archive_.entry(index);
    return {entry.name.substr(start_of_location(entry.name)), entry.size};
  }
  void for_each_name(
      const std::function<void(std::size_t index, std::string_view name)>& take) const override {
    for (std::size_t index = 0; index < archive_.size(); ++index) take(index, archive_.base_name(index));
  }
  std::unique_ptr<Reader> reader() const override { return std::make_unique<ZipRecords>(archive_); }
  const std::vector<std::string>& removed() const override { return removed_; }

 private:
  std::size_t start_of_location(std::string_view name) const {
    const std::size_t slash = root_.empty() ? std::string_view::npos : name.rfind(root_);
    return slash == std::string_view::npos ? 0 : slash + 1;
  }

  ZipArchive archive_;
  std::string_view root_;
  std::vector<std::string> removed_;
};

/// The archive with the records: the one in `file`, or the only one that it wraps.
ZipArchive open_archive(const File& file, const ZipLayout& layout, const std::filesystem::path& cache) {
  ZipArchive archive(file.duplicate(), layout.select);
  if (archive.size() > 0 || !layout.may_be_wrapped) return archive;
  const ZipArchive outer(file.duplicate(), is_archive, wrapped_limits);
  if (outer.size() != 1) return archive;
  return {unpack_to_file(outer, 0, cache), layout.select};
}

}  // namespace

ZipLayout osv_layout() {
  return {.select = [](std::string_view name) { return name.ends_with(".json"); }, .root = ""};
}

ZipLayout cve_layout() {
  const auto select = [](std::string_view name) {
    const std::string_view file = file_name(name);
    return file.starts_with("CVE-") && file.ends_with(".json");
  };
  return {.select = select, .root = "/cves/", .may_be_wrapped = true};
}

std::unique_ptr<const Collection> open_zip_records(const Request& request, const std::filesystem::path& path,
                                                   const ZipLayout& layout) {
  ZipArchive archive = open_archive(File(path), layout, request.cache);
  if (archive.size() == 0)
    throw Error("empty", base::format("cannot use {}: it holds no {} record; fetch it again", path.native(),
                                      request.source));
  return std::make_unique<ZipCollection>(std::move(archive), layout.root);
}

}  // namespace fetch
