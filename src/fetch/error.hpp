// What goes wrong on the way to a source's bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace fetch {

/// A source, or a part of it, could not be fetched or read. The message names the file or address, the reason
/// and the way out in one line; `word` is the reason for machines and never changes once released:
///   unreadable    not a regular file
///   truncated     the file ends before what it announces
///   not_a_zip     no end-of-central-directory record: an HTML page, an empty file, another format
///   corrupt       structure or checksum contradict each other
///   hostile_path  an entry name that would leave its directory
///   bomb          unpacks to more than any honest source does
///   unsupported   encryption, a compression method or an archive form that nobody publishes
///   empty         a source with no record at all
///   not_a_list    lines of something else where a list of records should be
///   no_repository not a git repository or bundle, or one without a commit
///   git           the git command is missing or failed
///   transport     the network or a server failed
/// What the operating system refuses (permissions, no space) comes as base::FileError.
class Error : public base::Error {
 public:
  enum class Retry { no, yes };

  Error(std::string_view word, const std::string& message, Retry retry = Retry::no)
      : base::Error(message), word_(word), retry_(retry) {}

  /// The stable word for the kind of failure; a literal.
  std::string_view word() const { return word_; }
  /// Whether the same request may succeed in a while without anybody doing anything.
  bool retryable() const { return retry_ == Retry::yes; }

 private:
  std::string_view word_;
  Retry retry_;
};

}  // namespace fetch
