// One component of the database, loaded and grouped again: for telling how its vulnerabilities came about.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/json.hpp"
#include "pg/connection.hpp"
#include "pipeline/batch_groups.hpp"
#include "pipeline/batch_load.hpp"
#include "store/overrides.hpp"

namespace pipeline {

class Component {
 public:
  /// Loads every record of the component that names `id`. What it refers to lives in `arena` too. Throws
  /// pg::Error.
  Component(pg::Connection& connection, std::string_view id, base::Arena& arena);

  /// How the vulnerability whose public id is `id` was decided (merge/explain.hpp). Throws base::Error when
  /// the records do not form such a group, because a sync is due.
  base::json::Value explain(std::string_view id, base::Arena& arena) const;

 private:
  std::vector<store::LinkOverride> overrides_;
  LoadedBatch loaded_;
  Groups groups_;
};

}  // namespace pipeline
