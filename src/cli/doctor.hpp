// What `doctor` examines. Every examination looks without changing anything and returns within some seconds,
// also when nothing answers; what it finds says how to mend it.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "cli/settings.hpp"

namespace cli {

struct Finding {
  enum class State {
    ok,
    warning,  // works, but not as well or not as safely as it should
    wrong,    // something that is asked of the program will fail
  };
  State state = State::ok;
  std::string subject;  // "redis", "source osv"
  std::string seen;
  std::string mend = {};  // what is to be run or set; empty where nothing is
};

using Findings = std::vector<Finding>;

std::string_view to_string(Finding::State state);

/// Where settings came from, and those that contradict each other or give secrets away.
Findings examine_configuration(const Settings& settings);

/// The data directory, its disk, the programs that we run.
Findings examine_machine(const Settings& settings);

/// Whether each enabled source, or the mirror, can be reached; gives up when `stop` is requested.
Findings examine_sources(const Settings& settings, const std::stop_token& stop);

/// PostgreSQL: reachable, new enough, migrated, ours to write. Starts an embedded server that exists.
Findings examine_database(const Settings& settings, const std::stop_token& stop);

/// Redis: reachable, new enough, and neither forgetting tasks nor losing them; and the shared cache, where
/// there is one.
Findings examine_redis(const Settings& settings);

}  // namespace cli
