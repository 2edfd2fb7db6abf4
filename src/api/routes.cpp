// The table. The router walks it from the top; /openapi.json is written from it.
#include "api/changes.hpp"
#include "api/exports.hpp"
#include "api/jobs.hpp"
#include "api/operations.hpp"
#include "api/route.hpp"
#include "api/vulnerabilities.hpp"

namespace api {

namespace {

const Parameter limit_parameter{"limit", "integer", "Items in a page: 1 to 1000, 100 when absent."};
const Parameter include_parameter{"include", "string", "\"document\" adds each vulnerability's document."};

const std::vector<Parameter> search_parameters = {
    {"ecosystem", "string",
     "Ecosystem of an affected package, with a suffix (Debian:12) or for all suffixes (Debian)."},
    {"package", "string",
     "Name of an affected package, in any spelling that its ecosystem takes as the same."},
    {"purl", "string", "Package URL of an affected package; version, qualifiers and subpath do not count."},
    {"severity", "string", "unknown, none, low, medium, high or critical."},
    {"source", "string", "osv, gitlab or cve: has a record of that source."},
    {"cwe", "string", "A weakness, such as CWE-79."},
    {"modified_since", "string", "Modified at that time or later: RFC 3339, or a date."},
    {"q", "string",
     "Words of ids and summaries, each by its beginning, or the beginning of any id or alias."},
    limit_parameter,
    {"cursor", "string", "next_cursor of the page before."},
    include_parameter};

const std::vector<Parameter> changes_parameters = {
    {"after", "integer",
     "Changes after this cursor: next_cursor of the page before, or of a snapshot. 0 at first."},
    limit_parameter,
    {"wait", "integer", "Seconds to hold the answer until there is something, at most 60."},
    include_parameter,
    {"feed_id", "string", "The feed that the cursor is of: 410 where the database was built anew since."}};

const std::vector<Parameter> jobs_parameters = {
    {"state", "string", "pending, running, succeeded, failed or cancelled."},
    {"type", "string", "sync:vulnerabilities, export:database or cleanup:old_data."},
    limit_parameter,
    {"cursor", "string", "next_cursor of the page before."}};

std::vector<Route> job_routes() {
  const auto asks = [](std::string_view pattern, std::string_view operation, std::string_view summary,
                       Response (*handler)(Backend&, const Request&)) {
    return Route{"POST", pattern, operation, summary, Runs::work, handler, true, {}, {200, 202, 400}};
  };
  const auto steers = [](std::string_view pattern, std::string_view operation, std::string_view summary,
                         Response (*handler)(Backend&, const Request&), int done) {
    return Route{"POST", pattern, operation, summary, Runs::work, handler, true, {}, {done, 404, 409}};
  };
  return {
      asks("/api/jobs/sync", "requestSync", "Asks for a sync: {\"sources\": [...], \"full\": false}",
           request_sync),
      asks("/api/v1/sync", "requestSyncAsBefore", "The older name of /api/jobs/sync", request_sync),
      asks("/api/v1/exports", "requestExport", "Asks for a snapshot: {\"formats\": [...]}", request_export),
      asks("/api/jobs/export", "requestExportJob", "The same as POST /api/v1/exports", request_export),
      asks("/api/v1/export", "requestExportAsBefore", "The older name of /api/v1/exports", request_export),
      {"GET", "/api/jobs/status", "showJobsStatus",
       "Counts by state and queue, and running jobs with their progress", Runs::work, show_jobs_status},
      {"GET", "/api/v1/jobs/status", "showJobsStatusAsBefore", "The older name of /api/jobs/status",
       Runs::work, show_jobs_status},
      {"GET", "/api/v1/sync/status", "showSyncStatusAsBefore", "The older name of /api/jobs/status",
       Runs::work, show_jobs_status},
      {"GET", "/api/v1/jobs", "listJobs", "Jobs, the newest first", Runs::work, list_jobs, false,
       jobs_parameters},
      {"GET",
       "/api/v1/jobs/{id}",
       "showJob",
       "One job: what was asked for, how far it is, what it gave",
       Runs::work,
       show_job,
       false,
       {},
       {200, 404}},
      {"GET",
       "/api/v1/jobs/{id}/events",
       "followJob",
       "The job whenever it changes, as server-sent events",
       Runs::work,
       follow_job,
       false,
       {},
       {200, 404},
       "text/event-stream"},
      steers("/api/v1/jobs/{id}/cancel", "cancelJob", "Archives a waiting job, stops a running one",
             cancel_job, 200),
      steers("/api/v1/jobs/{id}/retry", "retryJob", "Lets a job that ended run again", retry_job, 202),
  };
}

std::vector<Route> make_routes() {
  return {
      {"GET",
       "/api/v1/vulnerabilities/{id}",
       "getVulnerability",
       "One merged vulnerability by its id, a former id or any alias",
       Runs::lookup,
       explain_vulnerability,
       false,
       {{"explain", "boolean", "1: how each value was decided, instead of the document."}},
       {200, 304, 404, 409}},
      {"GET",
       "/v1/vulns/{id}",
       "getVulnerabilityAsOsv",
       "The document alone, where clients of api.osv.dev look for it",
       Runs::lookup,
       explain_vulnerability,
       false,
       {},
       {200, 304, 404, 409}},
      {"GET", "/api/v1/vulnerabilities", "searchVulnerabilities",
       "Vulnerabilities that match every filter given, the last modified first", Runs::work,
       search_vulnerabilities, false, search_parameters},
      {"GET",
       "/api/v1/changes",
       "listChanges",
       "The change feed: a reader that follows the cursor misses nothing",
       Runs::work,
       list_changes,
       false,
       changes_parameters,
       {200, 410}},
      {"GET", "/api/v1/stats", "showStats", "How many vulnerabilities and records there are, of what kind",
       Runs::work, show_stats},
      {"GET", "/api/v1/sources", "listSources", "Each source: fingerprint, freshness, failures", Runs::work,
       list_sources},
      {"GET",
       "/api/v1/exports",
       "listExports",
       "Snapshots, the newest first",
       Runs::work,
       list_exports,
       false,
       {limit_parameter, {"cursor", "string", "next_cursor of the page before."}}},
      {"GET",
       "/api/v1/exports/{version}",
       "showExport",
       "The manifest of a snapshot; version may be \"latest\"",
       Runs::work,
       show_export,
       false,
       {},
       {200, 304, 404}},
      {"GET",
       "/api/v1/exports/{version}/{path*}",
       "downloadExport",
       "A file of a snapshot; \"latest\" leads to the newest",
       Runs::work,
       download_export,
       false,
       {},
       {200, 206, 302, 304, 404, 416},
       "application/octet-stream"},
      {"GET", "/livez", "livez", "The process answers", Runs::now, livez},
      {"GET",
       "/readyz",
       "readyz",
       "PostgreSQL is reachable and migrated",
       Runs::work,
       readyz,
       false,
       {},
       {200, 503}},
      {"GET",
       "/health",
       "health",
       "Everything in detail, with each source's freshness",
       Runs::work,
       health,
       false,
       {},
       {200, 503}},
      {"GET",
       "/metrics",
       "metrics",
       "Metrics for Prometheus",
       Runs::work,
       metrics,
       false,
       {},
       {200},
       "text/plain"},
      {"GET", "/openapi.json", "openapi", "This document", Runs::now, show_openapi},
      {"GET", "/", "index", "Where to begin", Runs::now, show_index},
  };
}

}  // namespace

std::span<const Route> routes() {
  static const std::vector<Route> table = [] {
    std::vector<Route> all = make_routes();
    for (Route& route : job_routes()) all.push_back(std::move(route));
    return all;
  }();
  return table;
}

}  // namespace api
