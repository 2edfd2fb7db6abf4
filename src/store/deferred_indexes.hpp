// Indexes of the merged tables during a first load: put aside before it, built in one go after it.
//
// A row in `deferred_indexes` stands for each index that is missing, and goes in the same transaction that
// builds the index. So whatever happens in between, the next start completes them.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "pg/connection.hpp"

namespace store {

/// When the merged tables are empty: drops their secondary indexes, notes their definitions, and keeps
/// autovacuum away from them. Returns false, and does nothing, when there are rows.
bool defer_indexes(pg::Connection& connection);

/// Names of the indexes still to be built.
std::vector<std::string> missing_indexes(pg::Connection& connection);

/// Builds what is missing over two connections, gives the tables back to autovacuum and analyses them. Does
/// nothing when nothing is missing. A stop request ends it. Throws pg::Error; calling it again goes on.
void complete_indexes(const pg::Settings& settings, const std::stop_token& stop);

}  // namespace store
