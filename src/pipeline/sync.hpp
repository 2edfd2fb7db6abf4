// The main job: fetch, parse, resolve, merge, store.
#pragma once

#include "pipeline/options.hpp"
#include "pipeline/report.hpp"

namespace pipeline {

/// Brings the database up to the state of the sources. What goes wrong with one source fails that source
/// alone and stands in its part of the report. Throws store::LeaseError when another writer is at work and
/// options.wait is off, pg::Error when the database cannot be used at all. A stop request gives a report
/// whose state is "interrupted"; every batch that was committed stays.
Report sync(const Options& options);

}  // namespace pipeline
