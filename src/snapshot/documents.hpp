// Every merged document of one database snapshot, in order: which there are, and a walk through them that
// reads and prepares portions on several connections, and hands them over one after the other.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "pg/connection.hpp"
#include "snapshot/osv_tree.hpp"
#include "store/digest.hpp"

namespace snapshot {

/// Documents to be read in this order, cut into portions of about the same work and a bounded size.
struct DocumentList {
  std::vector<std::int64_t> uids;
  std::vector<std::size_t> ends;  // of each portion, an index into uids
};

struct Inventory {
  DocumentList all;  // by id, bytewise
  /// Those whose id OSV takes only with x_ in front, by that: they stand elsewhere in its order.
  DocumentList private_ones;
  store::Digest digest;
};

/// Reads ids and sizes of all documents; takes 8 bytes of memory for each.
Inventory take_inventory(pg::Connection& connection);

/// What to make of each document.
struct Products {
  bool lines = false;    // its canonical bytes and a line end
  bool entries = false;  // the entry of the osv tree, of documents in `all` order without the private ones
  bool private_ones = false;  // entries of the private ones only
};

struct Portion {
  std::uint64_t documents = 0;
  std::string lines;
  std::vector<OsvEntry> entries;
};

class DocumentWalk {
 public:
  /// Starts reading `list`, which outlives the walk, within the exported transaction `transaction` (see
  /// store::sql::export_transaction), whose connection stays open meanwhile.
  DocumentWalk(const pg::Settings& database, const std::string& transaction, const DocumentList& list,
               Products products, unsigned threads);
  ~DocumentWalk();
  DocumentWalk(const DocumentWalk&) = delete;
  DocumentWalk& operator=(const DocumentWalk&) = delete;

  /// The next portion, or nothing at the end. Throws what failed: pg::Error, or base::Error where a document
  /// is not what its hash says.
  std::optional<Portion> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace snapshot
