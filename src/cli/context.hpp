// What a running command has: its settings, its output, and the wish of the user to stop.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/stop.hpp"
#include "cli/output.hpp"
#include "cli/settings.hpp"

namespace cli {

class Context {
 public:
  Context(Settings settings, bool json, bool quiet)
      : settings_(std::move(settings)),
        output_(json),
        quiet_(quiet),
        signals_(std::make_unique<base::StopSignals>()) {}

  const Settings& settings() const { return settings_; }
  Output& output() { return output_; }
  /// No progress, and no log below warnings.
  bool quiet() const { return quiet_; }

  /// Asked for by SIGINT, SIGTERM and SIGHUP. A command that sees it stops cleanly and returns whatever it
  /// likes: the exit status is then 128 and the signal.
  std::stop_token stop() const { return signals_ ? signals_->token() : std::stop_token(); }
  /// The signal that asked for the stop, or 0.
  int signal() const { return signals_ ? signals_->signal() : 0; }
  /// From now on SIGHUP calls `reread` instead of stopping. Before the command starts any thread.
  void on_hangup(std::function<void()> reread) {
    signals_.reset();
    signals_ = std::make_unique<base::StopSignals>(std::move(reread));
  }
  /// From now on signals do what they do by default: a program that we start has the terminal.
  void release_signals() { signals_.reset(); }

 private:
  Settings settings_;
  Output output_;
  bool quiet_;
  std::unique_ptr<base::StopSignals> signals_;
};

}  // namespace cli
