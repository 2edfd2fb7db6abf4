#include "pg/connection_string.hpp"

#include <cstdlib>
#include <string_view>

#include "pg/conninfo.hpp"
#include "pg/libpq.hpp"

namespace pg::detail {
namespace {

std::string_view text_or_empty(const char* text) {
  return text != nullptr ? text : "";
}

[[noreturn]] void refuse() {
  throw Error(
      "the PostgreSQL connection string cannot be read; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE "
      "with "
      "the characters :/@?#% of a name or password as %XX, or KEYWORD=VALUE pairs");
}

/// conninfo's own value for `keyword`, or "".
std::string_view value_of(const PQconninfoOption* options, std::string_view keyword) {
  for (; options->keyword != nullptr; ++options)
    if (options->keyword == keyword) return text_or_empty(options->val);
  return "";
}

}  // namespace

ConnectOptions::ConnectOptions(const Settings& settings) {
  char* error = nullptr;
  const OptionsHandle parsed{PQconninfoParse(settings.conninfo.c_str(), &error)};
  const std::unique_ptr<char, FreeMemory> unused(error);  // it may quote a part of the password
  if (!parsed) refuse();
  // An '@' or '/' of the password that is not written as %XX moves a part of the password into the host or
  // port.
  const std::string_view host = value_of(parsed.get(), "host");
  if (host.find('@') != std::string_view::npos && !host.starts_with('@')) refuse();
  if (value_of(parsed.get(), "port").find_first_not_of("0123456789,") != std::string_view::npos) refuse();

  add("fallback_application_name", settings.application_name);
  add("client_encoding", "UTF8");
  if (std::getenv("PGCONNECT_TIMEOUT") == nullptr) add("connect_timeout", "10");
  // This side of the keepalives: a server that vanished is noticed after about a minute.
  add("keepalives_idle", "30");
  add("keepalives_interval", "10");
  add("keepalives_count", "3");
  add("tcp_user_timeout", "60000");
  // Of several hosts, take the one that can be written to.
  if (host.find(',') != std::string_view::npos && std::getenv("PGTARGETSESSIONATTRS") == nullptr)
    add("target_session_attrs", "read-write");
  add("dbname", settings.conninfo);
}

std::vector<const char*> ConnectOptions::keywords() const {
  std::vector<const char*> keywords;
  for (const Option& option : options_) keywords.push_back(option.keyword);
  keywords.push_back(nullptr);
  return keywords;
}

std::vector<const char*> ConnectOptions::values() const {
  std::vector<const char*> values;
  for (const Option& option : options_) values.push_back(option.value.c_str());
  values.push_back(nullptr);
  return values;
}

std::string address_of(pg_conn* connection) {
  const std::string_view host = text_or_empty(PQhost(connection));
  std::string address = host.starts_with('/') || host.starts_with('@') ? "socket " : "";
  address.append(host.empty() ? "the default host" : host);
  if (const auto port = text_or_empty(PQport(connection)); !port.empty()) address.append(":").append(port);
  address.append(", database \"").append(text_or_empty(PQdb(connection)));
  address.append("\", user \"").append(text_or_empty(PQuser(connection))).append("\"");
  return address;
}

}  // namespace pg::detail

namespace pg {

std::vector<std::pair<std::string, std::string>> parse_conninfo(const std::string& conninfo) {
  char* error = nullptr;
  const detail::OptionsHandle parsed{PQconninfoParse(conninfo.c_str(), &error)};
  const std::unique_ptr<char, detail::FreeMemory> unused(error);  // it may quote a part of the password
  if (!parsed) detail::refuse();
  std::vector<std::pair<std::string, std::string>> result;
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option)
    if (option->val != nullptr) result.emplace_back(option->keyword, option->val);
  return result;
}

std::string with_database(const std::string& conninfo, std::string_view database) {
  std::string result;
  const auto add = [&](std::string_view keyword, std::string_view value) {
    result.append(keyword).append("='");
    for (const char c : value) {
      if (c == '\'' || c == '\\') result += '\\';
      result += c;
    }
    result += "' ";
  };
  for (const auto& [keyword, value] : parse_conninfo(conninfo))
    if (keyword != "dbname") add(keyword, value);
  add("dbname", database);
  return result;
}

}  // namespace pg
