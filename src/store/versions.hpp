// Which version of each record of a source is stored, for comparing with what the source lists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"
#include "pg/connection.hpp"

namespace store {

/// Calls `take` for every record of `source` that is not removed, with the time of its last modification in
/// microseconds since 1970. What is quarantined counts with the version under which its bytes were listed,
/// when that is known and later than that of a good version which is kept. Streams: memory does not depend on
/// their number. Throws pg::Error.
void for_each_version(pg::Connection& connection, advisory::Source source,
                      const std::function<void(std::string_view record_id, std::int64_t modified)>& take);

/// As for_each_version(), of the records with these ids alone.
void for_some_versions(pg::Connection& connection, advisory::Source source,
                       const std::vector<std::string>& record_ids,
                       const std::function<void(std::string_view record_id, std::int64_t modified)>& take);

/// How many records for_each_version() calls for. Throws pg::Error.
std::size_t count_versions(pg::Connection& connection, advisory::Source source);

}  // namespace store
