// Settings of the program to options of the pipeline.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/database.hpp"
#include "pipeline/options.hpp"
#include "pipeline/report.hpp"

namespace cli {

/// Where the sources are when there is no mirror.
fetch::LiveSettings live_settings(const SourceSettings& sources);

/// What every command that writes hands to the pipeline: threads, batches, the name of this worker, the stop.
pipeline::Options writer_options(const Context& context);

/// The same with its database and display, and all enabled sources.
pipeline::Options writer_options(const Context& context, const Database& database,
                                 pipeline::Progress& progress);

/// Options of a sync of the sources called so, or of all enabled ones; without a database and a display.
/// Throws UsageError for another name.
pipeline::Options sync_options(const Context& context, const std::vector<std::string>& names, bool full);

/// A report for people.
std::string report_text(const pipeline::Report& report);

/// The exit status that a report means.
int exit_status(const pipeline::Report& report);

/// The sources called so, in order of precedence. Throws UsageError for another name.
std::vector<advisory::Source> sources_called(const std::vector<std::string>& names);

/// Gives `command` the option --source, which puts what the sources are called into `names`.
void add_source_option(CLI::App& command, std::vector<std::string>& names);

}  // namespace cli
