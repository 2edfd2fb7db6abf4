#include "store/digest.hpp"

#include "store/generated/components.hpp"

namespace store {

void DigestBuilder::add(std::string_view id, std::string_view document_hash) {
  line_ = id;
  line_ += '\0';
  line_ += base::to_hex(document_hash);
  line_ += '\n';
  stream_.update(line_);
  ++vulnerabilities_;
}

Digest DigestBuilder::finish() {
  return {stream_.finish(), vulnerabilities_};
}

Digest digest(pg::Connection& connection) {
  DigestBuilder builder;
  sql::every_document_hash(
      connection, [&](const sql::EveryDocumentHashRow& row) { builder.add(row.id, row.document_hash); });
  return builder.finish();
}

}  // namespace store
