// A list of records is compared with what is stored. That takes reading a version of every stored record,
// although but a few lines differ from those of the list that was compared last; so the marks of its lines
// are kept, and only lines that have none of them are read and looked up.
//
// What is kept counts only where the fingerprint stored with the records is the one it was kept under: then
// whatever that list names is stored as it says. A database that was restored, or that another host has
// synced since, has another fingerprint, and a cache that was deleted has no marks: then every version is
// read.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/hash_set.hpp"
#include "fetch/modified_list.hpp"
#include "fetch/source.hpp"

namespace fetch {

class ComparedList {
 public:
  /// `request` and the list in `file` outlive this.
  ComparedList(const Request& request, std::filesystem::path file)
      : request_(request), file_(std::move(file)) {}

  /// The list, with what is stored noted in it (ModifiedList::hold()); only records that may have changed are
  /// in it, unless `whole`. Throws as ModifiedList::read() does, and what the functions of the request throw.
  std::shared_ptr<ModifiedList> read(bool whole);

  /// Keeps what was read for a next comparison, if the stored fingerprint is `fingerprint` then. A failure is
  /// only logged: it costs the next run its time.
  void remember(const std::string& fingerprint) const;

 private:
  std::filesystem::path kept_file() const { return request_.cache / "compared-list"; }
  std::shared_ptr<ModifiedList> read_whole();
  std::shared_ptr<ModifiedList> read_differing();
  std::size_t listed_records() const;

  const Request& request_;
  std::filesystem::path file_;
  base::HashSet marks_;  // of the lines that were read last
};

}  // namespace fetch
