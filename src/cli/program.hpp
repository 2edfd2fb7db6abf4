// The command line as a whole: global options, the choice of a command, exit statuses.
#pragma once

namespace cli {

/// Exit statuses of the public contract; a signal that stopped a command is 128 and its number.
enum ExitStatus : int { done = 0, failed = 1, wrong_usage = 2, done_in_part = 3 };

/// Runs the program. Returns its exit status; nothing is thrown.
int run(int argc, char** argv);

}  // namespace cli
