#include "merge/merge.hpp"

#include "merge/document.hpp"

namespace merge {

advisory::Vulnerability merge(const resolve::Group& group, std::span<const Contributor> contributors,
                              std::span<const resolve::Record> resolved, base::Arena& arena) {
  Work work(group, contributors, resolved, arena, nullptr);
  advisory::Vulnerability merged = assemble(work);
  base::json::write(merged.document, merged.canonical);
  merged.document_hash = base::sha256(merged.canonical);
  return merged;
}

}  // namespace merge
