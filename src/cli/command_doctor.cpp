// doctor: examines everything at once and says what is wrong and what mends it.
#include <CLI/App.hpp>
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <future>

#include "base/format.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/redact.hpp"
#include "base/stop.hpp"
#include "cli/commands.hpp"
#include "cli/doctor.hpp"
#include "cli/program.hpp"

namespace cli {

namespace {

// A server that has not answered by then is one that does not answer.
constexpr std::chrono::seconds patience{8};

using Examination = std::function<Findings()>;

// An examination that fails unforeseen is a finding, and keeps no other from being told.
Findings examine(const Examination& examination) {
  try {
    return examination();
  } catch (const base::Error& error) {
    return {{Finding::State::wrong, "doctor", error.what()}};
  }
}

Findings examine_everything(const Context& context) {
  // libpq waits by this variable; whoever set it knows the server.
  ::setenv("PGCONNECT_TIMEOUT", "5", 0);
  const Settings& settings = context.settings();
  std::stop_source time_is_up;
  const std::stop_callback interrupted(context.stop(), [&] { time_is_up.request_stop(); });
  const std::jthread clock([&](const std::stop_token& all_done) {
    if (base::sleep_for(patience, all_done)) time_is_up.request_stop();
  });
  const std::stop_token stop = time_is_up.get_token();
  std::vector<std::future<Findings>> parts;
  const auto start = [&](Examination examination) {
    parts.push_back(std::async(std::launch::async, examine, std::move(examination)));
  };
  start([&] { return examine_configuration(settings); });
  start([&] { return examine_machine(settings); });
  start([&] { return examine_database(settings, stop); });
  start([&] { return examine_redis(settings); });
  start([&] { return examine_sources(settings, stop); });
  Findings findings;
  for (auto& part : parts)
    for (Finding& finding : part.get()) findings.push_back(std::move(finding));
  return findings;
}

Finding::State worst(const Findings& findings) {
  Finding::State state = Finding::State::ok;
  for (const Finding& finding : findings) state = std::max(state, finding.state);
  return state;
}

std::string text_of(const Findings& findings) {
  Table table({"STATE", "WHAT", "SEEN"});
  for (const Finding& finding : findings) {
    table.add({std::string(to_string(finding.state)), finding.subject, base::redact(finding.seen)});
    if (!finding.mend.empty()) table.add({"", "", "-> " + base::redact(finding.mend)});
  }
  return table.to_string();
}

base::json::Value json_of(const Findings& findings, base::Arena& arena) {
  std::vector<base::json::Value> items;
  for (const Finding& finding : findings) {
    base::json::ObjectBuilder item(arena);
    item.add("state", to_string(finding.state));
    item.add("subject", arena.copy(finding.subject));
    item.add("seen", arena.copy(base::redact(finding.seen)));
    if (!finding.mend.empty()) item.add("mend", arena.copy(base::redact(finding.mend)));
    items.push_back(item.finish());
  }
  base::json::ObjectBuilder object(arena);
  object.add("findings", base::json::make_array(arena, std::span<const base::json::Value>(items)));
  object.add("state", to_string(worst(findings)));
  return object.finish();
}

int doctor(Context& context) {
  const Findings findings = examine_everything(context);
  base::Arena arena;
  if (context.output().wants_json())
    context.output().json(json_of(findings, arena));
  else
    context.output().write(text_of(findings));
  return worst(findings) == Finding::State::wrong ? failed : done;
}

}  // namespace

std::string_view to_string(Finding::State state) {
  if (state == Finding::State::ok) return "ok";
  return state == Finding::State::warning ? "warning" : "wrong";
}

void add_doctor(Commands& commands) {
  CLI::App& command = commands.add(
      "doctor", "What is wrong with the configuration, the machine and the servers, and what mends it");
  commands.on(command, doctor);
}

}  // namespace cli
