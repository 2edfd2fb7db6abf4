#include "store/digest.hpp"

#include "store/generated/components.hpp"

namespace store {

Digest digest(pg::Connection& connection) {
  Digest result;
  base::Sha256Stream stream;
  std::string line;
  result.vulnerabilities = sql::every_document_hash(connection, [&](const sql::EveryDocumentHashRow& row) {
    line = row.id;
    line += '\0';
    line += base::to_hex(row.document_hash);
    line += '\n';
    stream.update(line);
  });
  result.sha256 = stream.finish();
  return result;
}

}  // namespace store
