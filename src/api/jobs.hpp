// Jobs: asking for one, looking at them, steering them.
#pragma once

#include "api/message.hpp"

namespace api {

class Backend;
class MetricsText;

/// 202 with the new job's id, or 200 with the open job that does what is asked for.
Response request_sync(Backend& backend, const Request& request);
Response request_export(Backend& backend, const Request& request);

/// {"states", "queues", "running"}: counts by state, what Redis tells of each queue, jobs with their
/// progress.
Response show_jobs_status(Backend& backend, const Request& request);
Response list_jobs(Backend& backend, const Request& request);
Response show_job(Backend& backend, const Request& request);
Response cancel_job(Backend& backend, const Request& request);
Response retry_job(Backend& backend, const Request& request);
/// The job whenever something about it changes, until it has ended; the event is named after its state.
Response follow_job(Backend& backend, const Request& request);

/// What Redis tells of each queue; that it does not answer, otherwise.
void write_queue_metrics(Backend& backend, MetricsText& text);

}  // namespace api
