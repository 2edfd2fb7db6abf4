// From method and path to a route.
#include <algorithm>
#include <optional>

#include "api/route.hpp"
#include "base/format.hpp"

namespace api {

namespace {

// The variables of `pattern` for this path, or nothing when it does not fit.
std::optional<std::vector<Field>> match(std::string_view pattern, const std::vector<std::string>& segments) {
  std::vector<Field> variables;
  std::size_t at = 0;
  pattern.remove_prefix(1);
  while (!pattern.empty()) {
    const std::string_view part = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(std::min(part.size() + 1, pattern.size()));
    if (at == segments.size()) return std::nullopt;
    if (part.ends_with("*}")) {
      std::string rest = segments[at++];
      while (at < segments.size()) rest += "/" + segments[at++];
      variables.emplace_back(part.substr(1, part.size() - 3), std::move(rest));
    } else if (part.starts_with('{')) {
      if (segments[at].empty()) return std::nullopt;
      variables.emplace_back(part.substr(1, part.size() - 2), segments[at++]);
    } else if (part != segments[at++]) {
      return std::nullopt;
    }
  }
  if (at != segments.size()) return std::nullopt;
  return variables;
}

}  // namespace

std::string allowed_methods(const std::vector<std::string>& segments) {
  std::string allow;
  const auto add = [&](std::string_view method) {
    if (allow.find(method) == std::string::npos) allow.append(allow.empty() ? "" : ", ").append(method);
  };
  for (const Route& route : routes()) {
    if (!match(route.pattern, segments)) continue;
    add(route.method);
    if (route.method == "GET") add("HEAD");
  }
  if (!allow.empty()) add("OPTIONS");
  return allow;
}

const Route& find_route(Request& request, const std::vector<std::string>& segments) {
  const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view(request.method);
  for (const Route& route : routes()) {
    if (route.method != method) continue;
    if (auto variables = match(route.pattern, segments)) {
      request.variables = std::move(*variables);
      return route;
    }
  }
  std::string allow = allowed_methods(segments);
  if (allow.empty()) throw Refusal(404, "no_such_address", "nothing is here; /openapi.json lists what is");
  Response response = error_response(405, "method_not_allowed", "this address knows " + allow);
  response.set("Allow", std::move(allow));
  throw Refusal(std::move(response));
}

void check_parameters(const Route& route, const Request& request) {
  if (route.parameters.empty()) return;
  for (auto given = request.query.begin(); given != request.query.end(); ++given) {
    const auto is_known = [&](const Parameter& known) { return known.name == given->first; };
    if (std::none_of(route.parameters.begin(), route.parameters.end(), is_known)) {
      std::string names;
      for (const Parameter& known : route.parameters)
        names.append(names.empty() ? "" : ", ").append(known.name);
      throw Refusal(400, "unknown_parameter",
                    base::format("there is no parameter '{}'; there are {}", given->first, names));
    }
    const auto is_again = [&](const Field& other) { return other.first == given->first; };
    if (std::any_of(request.query.begin(), given, is_again))
      throw Refusal(400, "repeated_parameter", base::format("'{}' is given more than once", given->first));
  }
}

}  // namespace api
