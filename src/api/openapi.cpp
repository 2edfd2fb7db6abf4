// The OpenAPI document, from the table of routes.
#include <algorithm>
#include <map>

#include "api/message.hpp"
#include "api/route.hpp"
#include "base/json.hpp"
#include "base/version.hpp"

namespace api {

namespace {

using base::Arena;
using base::json::ObjectBuilder;
using base::json::Value;

constexpr std::string_view json_type = "application/json";

Value array_of(const std::vector<Value>& items, Arena& arena) {
  return base::json::make_array(arena, std::span<const Value>(items));
}

Value schema_of(std::string_view type, Arena& arena) {
  return ObjectBuilder(arena).add("type", type).finish();
}

// "{path*}" is ours: OpenAPI knows "{path}".
std::string path_of(std::string_view pattern) {
  std::string path(pattern);
  std::erase(path, '*');
  return path;
}

Value parameters_of(const Route& route, Arena& arena) {
  std::vector<Value> parameters;
  const std::string path = path_of(route.pattern);
  for (std::size_t begin = path.find('{'); begin != std::string::npos; begin = path.find('{', begin + 1)) {
    const std::string_view name = arena.copy(path.substr(begin + 1, path.find('}', begin) - begin - 1));
    parameters.push_back(ObjectBuilder(arena)
                             .add("name", name)
                             .add("in", "path")
                             .add("required", Value::boolean(true))
                             .add("schema", schema_of("string", arena))
                             .finish());
  }
  for (const Parameter& parameter : route.parameters)
    parameters.push_back(ObjectBuilder(arena)
                             .add("name", parameter.name)
                             .add("in", "query")
                             .add("description", parameter.description)
                             .add("schema", schema_of(parameter.type, arena))
                             .finish());
  return array_of(parameters, arena);
}

Value content_of(std::string_view type, Value schema, Arena& arena) {
  return ObjectBuilder(arena).add(type, ObjectBuilder(arena).add("schema", schema).finish()).finish();
}

Value error_reference(Arena& arena) {
  return ObjectBuilder(arena).add("$ref", "#/components/responses/Error").finish();
}

Value responses_of(const Route& route, Arena& arena) {
  ObjectBuilder responses(arena);
  for (const int status : route.statuses) {
    const std::string_view key = arena.copy(std::to_string(status));
    if (status >= 400) {
      responses.add(key, error_reference(arena));
      continue;
    }
    ObjectBuilder response(arena);
    response.add("description", reason_phrase(status));
    if (status < 300)
      response.add("content", content_of(route.content_type,
                                         route.content_type == json_type ? schema_of("object", arena)
                                                                         : schema_of("string", arena),
                                         arena));
    responses.add(key, response.finish());
  }
  return responses.add("default", error_reference(arena)).finish();
}

Value operation_of(const Route& route, Arena& arena) {
  ObjectBuilder operation(arena);
  operation.add("operationId", route.operation).add("summary", route.summary);
  operation.add_unless_empty("parameters", parameters_of(route, arena));
  operation.add("responses", responses_of(route, arena));
  if (route.writes) {
    const Value scheme = ObjectBuilder(arena).add("token", array_of({}, arena)).finish();
    operation.add("security", array_of({scheme}, arena));
  }
  return operation.finish();
}

Value error_response_schema(Arena& arena) {
  const Value text = schema_of("string", arena);
  const Value members = ObjectBuilder(arena).add("code", text).add("message", text).finish();
  const Value error = ObjectBuilder(arena)
                          .add("type", "object")
                          .add("required", array_of({Value::string("code"), Value::string("message")}, arena))
                          .add("properties", members)
                          .finish();
  return ObjectBuilder(arena)
      .add("type", "object")
      .add("required", array_of({Value::string("error")}, arena))
      .add("properties", ObjectBuilder(arena).add("error", error).finish())
      .finish();
}

Value components(Arena& arena) {
  const Value error = ObjectBuilder(arena)
                          .add("description", "What failed and why; other members of error say more")
                          .add("content", content_of(json_type, error_response_schema(arena), arena))
                          .finish();
  const Value token = ObjectBuilder(arena).add("type", "http").add("scheme", "bearer").finish();
  return ObjectBuilder(arena)
      .add("responses", ObjectBuilder(arena).add("Error", error).finish())
      .add("securitySchemes", ObjectBuilder(arena).add("token", token).finish())
      .finish();
}

}  // namespace

std::string openapi() {
  Arena arena;
  std::map<std::string, std::vector<const Route*>> by_path;
  for (const Route& route : routes()) by_path[path_of(route.pattern)].push_back(&route);
  ObjectBuilder paths(arena);
  for (const auto& [path, of_path] : by_path) {
    ObjectBuilder operations(arena);
    for (const Route* route : of_path)
      operations.add(route->method == "GET" ? "get" : "post", operation_of(*route, arena));
    paths.add(path, operations.finish());
  }
  const Value info =
      ObjectBuilder(arena)
          .add("title", "vuln-datasync")
          .add("version", base::version)
          .add("description",
               "Merged vulnerability data of OSV, the GitLab advisory database and the CVE list.")
          .finish();
  return base::json::write(ObjectBuilder(arena)
                               .add("openapi", "3.1.0")
                               .add("info", info)
                               .add("paths", paths.finish())
                               .add("components", components(arena))
                               .finish());
}

}  // namespace api
