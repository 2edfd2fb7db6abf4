// What the service counts of itself, and the text that Prometheus reads
// (https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4).
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace api {

/// Counts of values by upper bounds.
class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds) : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}
  void add(double value);
  const std::vector<double>& bounds() const { return bounds_; }
  /// How many were at most the bound, for each bound and, last, all.
  std::vector<std::uint64_t> cumulative() const;
  double sum() const { return sum_; }

 private:
  std::vector<double> bounds_;
  std::vector<std::atomic<std::uint64_t>> counts_;
  std::atomic<double> sum_ = 0;
};

/// Requests and answers, by the pattern of their route.
class HttpMetrics {
 public:
  /// Requests whose route is not among `patterns` count as "other".
  explicit HttpMetrics(std::vector<std::string_view> patterns);
  void count(std::string_view pattern, std::string_view method, int status,
             std::chrono::steady_clock::duration duration);

  void count_opened_connection() { ++connections_; }
  void count_closed_connection() { --connections_; }
  void count_refused_connection() { ++refused_connections_; }
  void count_unreadable_request() { ++unreadable_requests_; }

  void write(std::string& out) const;

 private:
  struct OfRoute {
    OfRoute();
    std::string_view pattern;
    Histogram seconds;
    std::array<std::atomic<std::uint64_t>, 600> reads = {};   // by status
    std::array<std::atomic<std::uint64_t>, 600> writes = {};  // POST
  };
  OfRoute& of(std::string_view pattern);

  std::map<std::string_view, OfRoute> routes_;
  std::atomic<std::int64_t> connections_ = 0;
  std::atomic<std::uint64_t> refused_connections_ = 0;
  std::atomic<std::uint64_t> unreadable_requests_ = 0;
};

/// Writes metrics in Prometheus' text format.
class MetricsText {
 public:
  explicit MetricsText(std::string& out) : out_(out) {}
  using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

  /// Before the samples of a metric; `type` is counter, gauge or histogram.
  void describe(std::string_view name, std::string_view type, std::string_view help);
  void sample(std::string_view name, const Labels& labels, double value);
  void sample(std::string_view name, const Labels& labels, std::uint64_t value);
  void histogram(std::string_view name, const Labels& labels, const Histogram& histogram);

 private:
  void begin(std::string_view name, const Labels& labels, std::string_view bound = {});
  std::string& out_;
};

}  // namespace api
