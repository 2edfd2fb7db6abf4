// What a record costs, step by step: `make test-performance`. The records are the ones of the parsers' tests.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "parse/parse.hpp"

namespace {

std::vector<std::string> records(const char* folder, const char* extension) {
  std::vector<std::string> all;
  const std::filesystem::path path = std::filesystem::path(VDS_BENCHMARK_RECORDS) / folder;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (entry.path().extension() != extension) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    all.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return all;
}

template <typename Step>
void for_each_record(benchmark::State& state, const std::vector<std::string>& all, Step step) {
  std::int64_t bytes = 0;
  for (const std::string& each : all) bytes += static_cast<std::int64_t>(each.size());
  for ([[maybe_unused]] auto _ : state)
    for (const std::string& each : all) step(each);
  state.SetBytesProcessed(bytes * static_cast<std::int64_t>(state.iterations()));
  state.SetItemsProcessed(static_cast<std::int64_t>(all.size()) *
                          static_cast<std::int64_t>(state.iterations()));
}

void json_parse(benchmark::State& state) {
  base::Arena arena;
  for_each_record(state, records("cve", ".json"), [&](const std::string& bytes) {
    arena.reset();
    benchmark::DoNotOptimize(base::json::parse(bytes, arena));
  });
}
BENCHMARK(json_parse);

void json_write(benchmark::State& state) {
  base::Arena arena;
  const std::vector<std::string> all = records("cve", ".json");
  std::vector<base::json::Value> values;
  for (const std::string& bytes : all) values.push_back(base::json::parse(bytes, arena).value);
  std::string text;
  std::int64_t written = 0;
  for ([[maybe_unused]] auto _ : state)
    for (const base::json::Value& value : values) {
      text.clear();
      base::json::write(value, text);
      written += static_cast<std::int64_t>(text.size());
    }
  state.SetBytesProcessed(written);
}
BENCHMARK(json_write);

void sha256(benchmark::State& state) {
  for_each_record(state, records("cve", ".json"),
                  [](const std::string& bytes) { benchmark::DoNotOptimize(base::sha256(bytes)); });
}
BENCHMARK(sha256);

void parse_record(benchmark::State& state, advisory::Source source, const char* extension,
                  parse::Extent extent) {
  base::Arena arena;
  const std::string folder(advisory::to_string(source));
  for_each_record(state, records(folder.c_str(), extension), [&](const std::string& bytes) {
    arena.reset();
    benchmark::DoNotOptimize(parse::parse(source, "", bytes, arena, extent));
  });
}
BENCHMARK_CAPTURE(parse_record, osv_whole, advisory::Source::osv, ".json", parse::Extent::whole);
BENCHMARK_CAPTURE(parse_record, osv_identity, advisory::Source::osv, ".json", parse::Extent::identity);
BENCHMARK_CAPTURE(parse_record, cve_whole, advisory::Source::cve, ".json", parse::Extent::whole);
BENCHMARK_CAPTURE(parse_record, cve_identity, advisory::Source::cve, ".json", parse::Extent::identity);
BENCHMARK_CAPTURE(parse_record, gitlab_whole, advisory::Source::gitlab, ".yml", parse::Extent::whole);

}  // namespace
