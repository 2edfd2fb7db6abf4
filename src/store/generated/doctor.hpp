// Written by `make sql-generate` from sql/doctor.sql. Do not edit.
// clang-format off
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pg/connection.hpp"
#include "pg/typed_query.hpp"
#include "pg/types.hpp"

namespace store::sql {

struct ServerFactsRow {
  std::string encoding;
  bool in_recovery = false;
  bool read_only = false;
  std::string user_name;
  std::string database_name;
  bool may_create_schema = false;
  bool schema_exists = false;
  bool may_use_schema = false;
  bool may_create_in_schema = false;
};

std::optional<ServerFactsRow> server_facts(pg::Connection& connection, std::string_view schema);

struct ForeignTablesRow {
  std::string name;
  std::string owner;
};

/// The tables that a sync cannot work with as this role: it drops and builds indexes, which only an owner may.
std::vector<ForeignTablesRow> foreign_tables(pg::Connection& connection, std::string_view schema);

}  // namespace store::sql
