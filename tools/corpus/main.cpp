// make_corpus: amplifies a mirror to as many records as wanted, for benchmarks and trials.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <thread>

#include "base/error.hpp"
#include "corpus/amplify.hpp"

namespace {

void add_options(CLI::App& app, corpus::Plan& plan, bool& zip64) {
  app.add_option("FROM", plan.from, "The mirror to amplify")->required();
  app.add_option("TO", plan.to, "Gets before/ and after/, two mirrors; must not exist")->required();
  app.add_option("--records", plan.records, "Records of all sources")->required();
  app.add_option("--seed", plan.seed, "Another seed gives another second state")->capture_default_str();
  app.add_flag("--after", plan.second_state, "Make the second state too");
  const auto share = [&app](const char* name, double& value, const char* help) {
    app.add_option(name, value, help)->check(CLI::Range(0.0, 1.0))->capture_default_str();
  };
  share("--changed", plan.changed, "Share of the records that the second state changes");
  share("--added", plan.added, "... adds");
  share("--withdrawn", plan.withdrawn, "... withdraws");
  share("--deleted", plan.deleted, "... no longer has");
  app.add_flag("--bundle", plan.bundle, "The GitLab part as a bundle instead of a repository");
  app.add_flag("--zip64", zip64, "Zip64 fields in every entry, not only where they are needed");
  app.add_option("--level", plan.level, "Compression of the archives")
      ->check(CLI::Range(1, 12))
      ->capture_default_str();
}

int run(int argc, char** argv) {
  CLI::App app(
      "Amplifies a mirror: every record is copied with ids, hash values and words of its own, so that "
      "groups, "
      "sizes and shapes stay what they are. The same arguments give the same bytes.");
  corpus::Plan plan;
  plan.threads = std::max(1U, std::thread::hardware_concurrency());
  bool zip64 = false;
  add_options(app, plan, zip64);
  CLI11_PARSE(app, argc, argv);
  if (zip64) plan.zip64 = base::Zip64::always;
  for (const auto& [source, count] : corpus::amplify(plan)) {
    const auto name = advisory::to_string(source);
    std::printf("%.*s\t%llu\n", static_cast<int>(name.size()), name.data(),
                static_cast<unsigned long long>(count));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_corpus: %s\n", error.what());
    return 1;
  }
}
