// Jobs for people.
#pragma once

#include <string>
#include <vector>

#include "jobs/queue.hpp"

namespace cli {

/// One line for each job.
std::string jobs_table(const std::vector<jobs::Job>& found);

/// Everything about one job.
std::string job_text(const jobs::Job& job);

/// How far a job is, as "store, 1200 of 5000, 300/s, 12 s left"; empty where it said nothing.
std::string progress_text(const jobs::Job& job);

}  // namespace cli
