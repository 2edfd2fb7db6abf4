// The least that reading a mirror can cost: every record inflated, every byte looked at once (is it UTF-8?),
// and nothing kept. What a dry run takes is told as a multiple of this.
//
//   benchmark_floor MIRROR [THREADS]
#include <simdjson.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "fetch/mirror.hpp"

namespace {

struct Totals {
  std::atomic<std::uint64_t> records = 0;
  std::atomic<std::uint64_t> bytes = 0;
  std::atomic<std::uint64_t> invalid = 0;
};

void scan(const fetch::Collection& collection, std::size_t threads, Totals& totals) {
  constexpr std::size_t step = 256;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    const auto reader = collection.reader();
    for (std::size_t from = next.fetch_add(step); from < collection.size(); from = next.fetch_add(step))
      for (std::size_t i = from; i < std::min(from + step, collection.size()); ++i) {
        const std::string_view bytes = reader->read(i);
        ++totals.records;
        totals.bytes += bytes.size();
        if (!simdjson::validate_utf8(bytes.data(), bytes.size())) ++totals.invalid;
      }
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back(work);
  work();
}

int run(const std::string& mirror, std::size_t threads) {
  Totals totals;
  const std::filesystem::path cache = std::filesystem::temp_directory_path() / "benchmark-floor";
  for (const char* source : {"osv", "gitlab", "cve"}) {
    fetch::Request request;
    request.source = source;
    request.full = true;
    request.cache = cache / source;
    const fetch::Fetched fetched = fetch::open_mirror(request, mirror);
    if (fetched.collection) scan(*fetched.collection, threads, totals);
  }
  std::printf("{\"records\": %llu, \"bytes\": %llu, \"invalid_utf8\": %llu}\n",
              static_cast<unsigned long long>(totals.records), static_cast<unsigned long long>(totals.bytes),
              static_cast<unsigned long long>(totals.invalid));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fputs("usage: benchmark_floor MIRROR [THREADS]\n", stderr);
    return 2;
  }
  try {
    return run(argv[1], argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 2);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "benchmark_floor: %s\n", error.what());
    return 1;
  }
}
