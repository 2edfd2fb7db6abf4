#include "store/digest.hpp"

namespace store {

Digest digest(pg::Connection& connection) {
  Digest result;
  base::Sha256Stream stream;
  std::string line;
  result.vulnerabilities = connection.copy_out(
      {"digest", "SELECT id, document_hash FROM vulnerabilities ORDER BY id COLLATE \"C\""},
      [&](const pg::CopyRow& row) {
        line = row.get<std::string_view>(0);
        line += '\0';
        line += base::to_hex(row.get<std::string_view>(1));
        line += '\n';
        stream.update(line);
      });
  result.sha256 = stream.finish();
  return result;
}

}  // namespace store
