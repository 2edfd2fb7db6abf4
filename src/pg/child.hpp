// PostgreSQL's own programs (pg_dump, pg_restore) beside a connection of ours.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pg/connection.hpp"

namespace pg {

/// The PG* variables with which another program reaches the very server of `connection`, as the same user;
/// `database` instead of the connection's when it is not empty. They hold the password: for the environment
/// of a child, never for its arguments, which everybody can read.
std::vector<std::pair<std::string, std::string>> environment_of(const Connection& connection,
                                                                std::string_view database = {});

}  // namespace pg
