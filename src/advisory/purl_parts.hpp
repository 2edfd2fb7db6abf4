// A package URL taken apart: what both its reader and its builder need. Internal to purl*.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace advisory::purl {

enum class Namespace : std::uint8_t { required, optional, prohibited };

/// What a type's definition says (purl-spec, types/TYPE-definition.json). golang's definition requires a
/// namespace, but the standard library is known as pkg:golang/stdlib everywhere.
struct Type {
  std::string_view name;
  Namespace namespace_rule = Namespace::optional;
  bool lower_namespace = false;
  bool lower_name = false;
};

/// What is known of a type; one that is not listed has no rules of its own. `name` is in lower case and must
/// outlive the result.
Type type_called(std::string_view name);

/// A package URL without version, taken apart and percent-decoded.
struct Parts {
  Type type;
  std::vector<std::string> segments;  // of the namespace
  std::string name;
};

/// Normalises namespace and name as the type says. Of letters, ASCII's alone are folded: the specification's
/// case folding is for all of Unicode, but no registry has such names.
void normalize(Parts& parts);

/// Whether there is a namespace where the type asks for one, and none where it has none.
bool has_right_namespace(const Parts& parts);

/// The package URL in its canonical encoding.
std::string build(const Parts& parts);

/// The segments of a path; empty ones are dropped.
std::vector<std::string_view> split_path(std::string_view path);

}  // namespace advisory::purl
