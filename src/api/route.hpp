// The table of addresses: what the service answers, and what /openapi.json says of it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/message.hpp"

namespace api {

class Backend;

/// A query parameter that a route takes.
struct Parameter {
  std::string_view name;
  std::string_view type;  // of JSON Schema: string, integer, boolean
  std::string_view description;
};

/// Where a handler runs: `now` on the thread of the socket (it neither waits nor computes much), `work` on a
/// worker; `lookup` is answered from the cache, or by the lookups that collect what is asked at the same
/// time.
enum class Runs { now, work, lookup };

struct Route {
  std::string_view method;
  /// Segments; {name} takes any one, {name*} as the last all that follow.
  std::string_view pattern;
  std::string_view operation;  // operationId
  std::string_view summary;
  Runs runs = Runs::work;
  Response (*handler)(Backend&, const Request&) = nullptr;
  bool writes = false;  // needs a token where tokens are configured
  /// The query parameters it takes; others are refused, but for routes that take none.
  std::vector<Parameter> parameters = {};
  std::vector<int> statuses = {200};  // that it answers with, besides those that every route may
  std::string_view content_type = "application/json";
};

/// Every route, literal segments before variables.
std::span<const Route> routes();

/// Finds the route for a method and path and fills in `request.variables`. HEAD is GET. Throws Refusal: 404
/// where no pattern fits, 405 with Allow where one does but for another method.
const Route& find_route(Request& request, const std::vector<std::string>& segments);

/// The methods that a path allows, as the Allow field lists them; empty where no pattern fits.
std::string allowed_methods(const std::vector<std::string>& segments);

/// Throws Refusal (400) for a parameter that the route does not take, or one given twice.
void check_parameters(const Route& route, const Request& request);

/// The OpenAPI 3.1 document of all routes (https://spec.openapis.org/oas/v3.1.0).
std::string openapi();

}  // namespace api
