// Any text as a schedule: one that is due later each time, or CronError.
#include "fuzz/fuzz_target.hpp"
#include "jobs/cron.hpp"

FUZZ_TARGET(cron) {
  try {
    const jobs::Cron cron = jobs::Cron::parse(bytes);
    jobs::Seconds now = 1'700'000'000;
    for (int i = 0; i < 3; ++i) {
      const auto next = cron.after(now);
      if (!next) return;
      fuzz::require(*next > now, "the next time is later");
      now = *next;
    }
  } catch (const jobs::CronError&) {
  }
}
