// The history of runs and the state of each source.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/advisory.hpp"
#include "pg/connection.hpp"

namespace store {

/// Notes a new run of this program and returns its id. Runs that a dead writer left as running become
/// interrupted: the caller holds the lease, so nobody else is running.
std::int64_t start_run(pg::Connection& connection, std::string_view worker, pg::Timestamp now);

/// Notes its end. `state` is succeeded, partial, failed or interrupted; `report` is JSON text.
void finish_run(pg::Connection& connection, std::int64_t run_id, std::string_view state,
                std::string_view report);

/// What the last complete sync of a source left behind.
struct SourceState {
  std::string fingerprint;  // empty when it never completed, or when a sync is half done
  std::string rules;  // the version of the rules that all its records went through; empty before the first
  std::string watermark;                                 // what the source asked to be remembered
  std::optional<std::chrono::seconds> since_reconciled;  // none when it never was
  std::int64_t duplicates = 0;  // copies that lost against another copy of their record
  std::uint64_t records = 0;    // that are not removed
};

SourceState source_state(pg::Connection& connection, advisory::Source source);

/// Notes an attempt that found the source as it is stored, under this fingerprint.
void note_current(pg::Connection& connection, advisory::Source source, std::string_view fingerprint);

/// Before the first batch: until finish_source, the database is between two states of the source.
/// `first_rules` is noted where no rules are: on a first load, everything that gets committed went through
/// the present ones.
void begin_source(pg::Connection& connection, advisory::Source source, std::string_view first_rules);

/// What a sync of one source has reached.
struct FinishedSource {
  std::string_view fingerprint;
  std::string_view rules;
  std::optional<std::string_view> watermark;  // none: the one that is stored stays
  bool reconciled = false;                    // everything was compared, not only what was listed as changed
  std::uint64_t duplicates = 0;               // copies that lost against another one
};

/// After the last batch: everything of the source with this fingerprint is committed.
void finish_source(pg::Connection& connection, advisory::Source source, const FinishedSource& finished);

void fail_source(pg::Connection& connection, advisory::Source source, std::string_view error);

/// The number of vulnerabilities.
std::int64_t count_vulnerabilities(pg::Connection& connection);

}  // namespace store
