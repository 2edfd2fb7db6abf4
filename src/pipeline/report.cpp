#include "pipeline/report.hpp"

#include <sys/resource.h>

#include <cstdio>

#include "base/json.hpp"

namespace pipeline {

namespace {

// Writes members in the order given, which the contract shows; base::json sorts by key.
class ObjectText {
 public:
  explicit ObjectText(std::string& out) : out_(out) { out_ += '{'; }
  ~ObjectText() { out_ += '}'; }
  ObjectText(const ObjectText&) = delete;
  ObjectText& operator=(const ObjectText&) = delete;

  std::string& key(std::string_view name) {
    if (!first_) out_ += ", ";
    first_ = false;
    base::json::write_string(name, out_);
    out_ += ": ";
    return out_;
  }
  void text(std::string_view name, std::string_view value) { base::json::write_string(value, key(name)); }
  void count(std::string_view name, std::uint64_t value) { key(name) += std::to_string(value); }
  void seconds(std::string_view name, double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.3f", value);
    key(name) += buffer;
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void write_source(const SourceReport& source, std::string& out) {
  ObjectText object(out);
  object.text("mode", source.mode);
  object.text("state", source.state);
  object.text("fingerprint", source.fingerprint);
  object.count("bytes_fetched", source.bytes_fetched);
  object.count("seen", source.seen);
  object.count("inserted", source.inserted);
  object.count("updated", source.updated);
  object.count("unchanged", source.unchanged);
  object.count("quarantined", source.quarantined);
  object.count("deleted", source.deleted);
  object.count("duplicates", source.duplicates);
  object.seconds("seconds", source.seconds);
  if (source.error)
    object.text("error", *source.error);
  else
    object.key("error") += "null";
  object.count("awaited", source.awaited);
  object.count("vanished", source.vanished);
  if (!source.mode_reason.empty()) object.text("mode_reason", source.mode_reason);
  if (!source.route.empty()) object.text("route", source.route);
  if (!source.route_reason.empty()) object.text("route_reason", source.route_reason);
}

void write_vulnerabilities(const VulnerabilityReport& counts, std::string& out) {
  ObjectText object(out);
  object.count("created", counts.created);
  object.count("updated", counts.updated);
  object.count("withdrawn", counts.withdrawn);
  object.count("renamed", counts.renamed);
  object.count("merged", counts.merged);
  object.count("split", counts.split);
  object.count("removed", counts.removed);
  object.count("total", counts.total);
}

void write_stages(const StageSeconds& stages, std::string& out) {
  ObjectText object(out);
  object.seconds("fetch", stages.fetch);
  object.seconds("parse", stages.parse);
  object.seconds("resolve", stages.resolve);
  object.seconds("merge", stages.merge);
  object.seconds("store", stages.store);
}

}  // namespace

std::string to_json(const Report& report) {
  std::string out;
  {
    ObjectText object(out);
    object.key("run_id") += report.run_id ? std::to_string(*report.run_id) : "null";
    object.text("state", report.state);
    object.text("started_at", report.started_at);
    object.seconds("seconds", report.seconds);
    object.count("peak_rss_bytes", report.peak_rss_bytes);
    {
      ObjectText sources(object.key("sources"));
      for (const auto& [source, counts] : report.sources)
        write_source(counts, sources.key(advisory::to_string(source)));
    }
    write_vulnerabilities(report.vulnerabilities, object.key("vulnerabilities"));
    write_stages(report.stages, object.key("stages"));
  }
  return out;
}

std::uint64_t peak_rss_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace pipeline
