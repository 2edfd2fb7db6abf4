// What a run is asked to do. Plain settings: only cli knows where they come from.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "advisory/advisory.hpp"
#include "fetch/live.hpp"
#include "fetch/source.hpp"
#include "pg/connection.hpp"
#include "pipeline/progress.hpp"

namespace pipeline {

struct Options {
  std::vector<advisory::Source> sources;     // in order of precedence
  std::vector<advisory::Source> must_exist;  // named by the user: absent from the mirror is an error
  std::optional<std::string> mirror;         // its address; none: the sources where they are published
  fetch::LiveSettings live;
  /// Where records come from instead, if set. They are some records of their source, not a state of it: its
  /// fingerprint stays.
  std::function<fetch::Fetched(const fetch::Request&)> some_records;
  std::filesystem::path cache;           // one directory per source below it
  std::optional<pg::Settings> database;  // none: a dry run without a database
  bool full = false;
  /// How long lists of changes are trusted before everything of a source is compared again.
  std::chrono::seconds reconcile_interval = std::chrono::hours(24);
  bool dry_run = false;
  bool wait = true;  // for another writer's lease
  bool allow_mass_delete = false;
  std::map<advisory::Source, std::size_t> parse_threads;
  std::size_t writers = 2;        // threads of the second pass, each with a connection
  std::size_t batch_size = 2000;  // records per transaction
  std::string worker;             // "host:pid", for messages and history
  std::stop_token stop;
  Progress* progress = nullptr;  // never null
};

}  // namespace pipeline
