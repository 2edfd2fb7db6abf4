#include "api/metrics.hpp"

#include <algorithm>

#include "base/format.hpp"

namespace api {

namespace {

constexpr std::string_view other = "other";

// From a cached answer to a search that is given up.
std::vector<double> request_bounds() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
          0.1,    0.25,    0.5,    1,     2.5,    5,     10,   30};
}

}  // namespace

void Histogram::add(double value) {
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  ++counts_[static_cast<std::size_t>(bound - bounds_.begin())];
  double before = sum_;
  while (!sum_.compare_exchange_weak(before, before + value)) {
  }
}

std::vector<std::uint64_t> Histogram::cumulative() const {
  std::vector<std::uint64_t> counts;
  std::uint64_t sum = 0;
  for (const auto& count : counts_) counts.push_back(sum += count);
  return counts;
}

HttpMetrics::OfRoute::OfRoute() : seconds(request_bounds()) {}

HttpMetrics::HttpMetrics(std::vector<std::string_view> patterns) {
  patterns.push_back(other);
  for (const std::string_view pattern : patterns) routes_[pattern].pattern = pattern;
}

HttpMetrics::OfRoute& HttpMetrics::of(std::string_view pattern) {
  const auto route = routes_.find(pattern);
  return route == routes_.end() ? routes_.at(other) : route->second;
}

void HttpMetrics::count(std::string_view pattern, std::string_view method, int status,
                        std::chrono::steady_clock::duration duration) {
  OfRoute& route = of(pattern);
  auto& counts = method == "POST" ? route.writes : route.reads;
  ++counts.at(static_cast<std::size_t>(std::clamp(status, 0, 599)));
  route.seconds.add(std::chrono::duration<double>(duration).count());
}

void HttpMetrics::write(std::string& out) const {
  MetricsText text(out);
  text.describe("vulndatasync_http_requests_total", "counter",
                "Requests answered, by route, method and status.");
  const auto write_counts = [&](const OfRoute& route, const auto& counts, std::string_view method) {
    for (std::size_t status = 0; status < counts.size(); ++status)
      if (const std::uint64_t count = counts[status]; count != 0)
        text.sample("vulndatasync_http_requests_total",
                    {{"route", route.pattern}, {"method", method}, {"status", std::to_string(status)}},
                    count);
  };
  for (const auto& [pattern, route] : routes_) {
    write_counts(route, route.reads, "GET");
    write_counts(route, route.writes, "POST");
  }
  text.describe("vulndatasync_http_request_duration_seconds", "histogram",
                "From a request's arrival to its answer, by route.");
  for (const auto& [pattern, route] : routes_)
    if (route.seconds.cumulative().back() != 0)
      text.histogram("vulndatasync_http_request_duration_seconds", {{"route", pattern}}, route.seconds);
  text.describe("vulndatasync_http_connections", "gauge", "Connections open.");
  text.sample("vulndatasync_http_connections", {}, static_cast<double>(connections_));
  text.describe("vulndatasync_http_connections_refused_total", "counter", "Connections above the ceiling.");
  text.sample("vulndatasync_http_connections_refused_total", {}, refused_connections_.load());
  text.describe("vulndatasync_http_bad_requests_total", "counter", "Requests that could not be read.");
  text.sample("vulndatasync_http_bad_requests_total", {}, unreadable_requests_.load());
}

void MetricsText::describe(std::string_view name, std::string_view type, std::string_view help) {
  out_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
  out_.append(name).append(" ").append(type).append("\n");
}

void MetricsText::begin(std::string_view name, const Labels& labels, std::string_view bound) {
  out_ += name;
  std::string_view separator = "{";
  const auto add = [&](std::string_view label, std::string_view value) {
    out_.append(separator).append(label).append("=\"");
    for (const char c : value) {
      if (c == '\\' || c == '"') out_ += '\\';
      if (c == '\n')
        out_ += "\\n";
      else
        out_ += c;
    }
    out_ += '"';
    separator = ",";
  };
  for (const auto& [label, value] : labels) add(label, value);
  if (!bound.empty()) add("le", bound);
  if (separator == ",") out_ += '}';
  out_ += ' ';
}

void MetricsText::sample(std::string_view name, const Labels& labels, double value) {
  begin(name, labels);
  out_ += base::format("{}\n", value);
}

void MetricsText::sample(std::string_view name, const Labels& labels, std::uint64_t value) {
  begin(name, labels);
  out_ += base::format("{}\n", value);
}

void MetricsText::histogram(std::string_view name, const Labels& labels, const Histogram& histogram) {
  const std::string bucket = std::string(name) + "_bucket";
  const std::vector<std::uint64_t> counts = histogram.cumulative();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const bool is_last = i == histogram.bounds().size();
    begin(bucket, labels, is_last ? "+Inf" : base::format("{}", histogram.bounds()[i]));
    out_ += base::format("{}\n", counts[i]);
  }
  sample(std::string(name) + "_sum", labels, histogram.sum());
  sample(std::string(name) + "_count", labels, counts.back());
}

}  // namespace api
