// The table of types: PostgreSQL's to C++'s, as src/pg/types.hpp says.
#include <algorithm>
#include <array>

#include "inspect.hpp"

namespace sqlgen {
namespace {

struct Entry {
  pg::Oid type = pg::oid::unknown;
  CppType cpp;
};

constexpr CppType enum_type{"std::string", "pg::Enum", "std::string_view", "add_text", "std::string_view"};

// COPY carries no types, so what is more than its bytes there (json, numeric) is not streamed.
constexpr std::array<Entry, 16> types{{
    {pg::oid::boolean, {"bool", "bool", "bool", "add_bool", "bool"}},
    {pg::oid::int2, {"std::int16_t", "std::int16_t", "std::int16_t", "add_int2", "std::int16_t"}},
    {pg::oid::int4, {"std::int32_t", "std::int32_t", "std::int32_t", "add_int4", "std::int32_t"}},
    {pg::oid::int8, {"std::int64_t", "std::int64_t", "std::int64_t", "add_int8", "std::int64_t"}},
    {pg::oid::float8, {"double", "double", "", "", "double"}},
    {pg::oid::text, {"std::string", "std::string_view", "std::string_view", "add_text", "std::string_view"}},
    {pg::oid::bytea, {"std::string", "pg::Bytes", "std::string_view", "add_bytea", "std::string_view"}},
    {pg::oid::json, {"std::string", "", "", "", ""}},
    {pg::oid::jsonb, {"std::string", "pg::Json", "std::string_view", "add_jsonb", ""}},
    {pg::oid::numeric, {"std::string", "pg::Numeric", "", "", ""}},
    {pg::oid::timestamptz,
     {"pg::Timestamp", "pg::Timestamp", "pg::Timestamp", "add_timestamptz", "pg::Timestamp"}},
    {pg::oid::date, {"pg::Date", "pg::Date", "pg::Date", "add_date", "pg::Date"}},
    {pg::oid::text_array,
     {"std::vector<std::string>", "std::span<const std::string_view>", "std::span<const std::string_view>",
      "add_text_array", "std::vector<std::string_view>"}},
    {pg::oid::bytea_array,
     {"std::vector<std::string>", "pg::BytesArray", "", "", "std::vector<std::string_view>"}},
    {pg::oid::int4_array,
     {"std::vector<std::int32_t>", "std::span<const std::int32_t>", "", "", "std::vector<std::int32_t>"}},
    {pg::oid::int8_array,
     {"std::vector<std::int64_t>", "std::span<const std::int64_t>", "", "", "std::vector<std::int64_t>"}},
}};

}  // namespace

std::optional<CppType> cpp_type(pg::Oid type, bool is_enum) {
  if (is_enum) return enum_type;
  const auto* const found =
      std::find_if(types.begin(), types.end(), [&](const Entry& e) { return e.type == type; });
  if (found == types.end()) return std::nullopt;
  return found->cpp;
}

}  // namespace sqlgen
