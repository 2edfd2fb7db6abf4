// How the service and its data are: for probes, dashboards and people.
#pragma once

#include "api/message.hpp"

namespace api {

class Backend;

Response show_index(Backend& backend, const Request& request);
Response show_openapi(Backend& backend, const Request& request);
/// The process answers.
Response livez(Backend& backend, const Request& request);
/// PostgreSQL is reachable and migrated.
Response readyz(Backend& backend, const Request& request);
/// Everything in detail. 503 only where readyz is red: data that is old is not a service that is down.
Response health(Backend& backend, const Request& request);
Response metrics(Backend& backend, const Request& request);
Response show_stats(Backend& backend, const Request& request);
Response list_sources(Backend& backend, const Request& request);

}  // namespace api
