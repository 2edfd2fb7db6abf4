// How a run tells how far it is. Called from several threads.
#pragma once

#include <cstdint>
#include <string_view>

namespace pipeline {

class Progress {
 public:
  virtual ~Progress() = default;
  /// A stage begins: "fetch", "parse", "store", "index"; `subject` is a source or empty; `total` records, or
  /// 0 when it is not known.
  virtual void begin(std::string_view stage, std::string_view subject, std::uint64_t total) = 0;
  /// So many more records are done in the stage that began last.
  virtual void advance(std::uint64_t count) = 0;
  /// Something that a person should know while waiting.
  virtual void note(std::string_view message) = 0;
};

}  // namespace pipeline
