#include "parse/osv_check.hpp"

#include <algorithm>

namespace parse {

namespace {

using base::json::Member;
using base::json::Value;

constexpr std::string_view event_members[] = {"introduced", "fixed", "last_affected", "limit"};
constexpr std::string_view package_members[] = {"ecosystem", "name", "purl"};

class OsvCheck {
 public:
  OsvCheck(const Value& record, TypeCheck& types) : record_(record), types_(types) {}

  void run() {
    types_.text(record_, "summary", root_);
    types_.text(record_, "details", root_);
    const Path affected_path(root_, "affected");
    const auto entries = types_.array(record_, "affected", root_);
    for (std::size_t i = 0; i < entries.size() && types_.ok(); ++i)
      check_entry(entries[i], Path(affected_path, i));
    check_severity(record_, root_);
    check_references();
    check_credits();
    types_.object(record_, "database_specific", root_);
    types_.text(record_, "schema_version", root_);
  }

 private:
  void check_severity(const Value& object, const Path& path) {
    const Path here(path, "severity");
    const auto list = types_.array(object, "severity", path);
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Path item(here, i);
      types_.expect_object(list[i], item);
      types_.text(list[i], "type", item);
      types_.text(list[i], "score", item);
    }
  }

  void check_ranges(const Value& entry, const Path& path) {
    const Path here(path, "ranges");
    const auto ranges = types_.array(entry, "ranges", path);
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      const Path range(here, i);
      types_.expect_object(ranges[i], range);
      types_.text(ranges[i], "type", range);
      types_.text(ranges[i], "repo", range);
      types_.object(ranges[i], "database_specific", range);
      const Path events_path(range, "events");
      const auto events = types_.array(ranges[i], "events", range);
      for (std::size_t k = 0; k < events.size(); ++k) check_event(events[k], Path(events_path, k));
    }
  }

  // By members, not by names: there is one of them, and there are more events than anything else.
  void check_event(const Value& event, const Path& path) {
    types_.expect_object(event, path);
    for (const Member& each : event.members())
      if (std::find(std::begin(event_members), std::end(event_members), each.key) != std::end(event_members))
        types_.text(each.value, Path(path, each.key));
  }

  void check_entry(const Value& entry, const Path& path) {
    types_.expect_object(entry, path);
    const Value package = types_.object(entry, "package", path);
    const Path package_path(path, "package");
    for (const std::string_view key : package_members) types_.text(package, key, package_path);
    check_severity(entry, path);
    check_ranges(entry, path);
    types_.texts(entry, "versions", path);
    types_.object(entry, "ecosystem_specific", path);
    types_.object(entry, "database_specific", path);
  }

  void check_references() {
    const Path here(root_, "references");
    const auto list = types_.array(record_, "references", root_);
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Path item(here, i);
      types_.expect_object(list[i], item);
      types_.text(list[i], "type", item);
      types_.text(list[i], "url", item);
    }
  }

  void check_credits() {
    const Path here(root_, "credits");
    const auto list = types_.array(record_, "credits", root_);
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Path item(here, i);
      types_.expect_object(list[i], item);
      types_.text(list[i], "type", item);
      types_.text(list[i], "name", item);
      types_.texts(list[i], "contact", item);
    }
  }

  const Value& record_;
  TypeCheck& types_;
  const Path root_;
};

}  // namespace

void check_osv_types(const Value& record, TypeCheck& types) {
  OsvCheck(record, types).run();
}

}  // namespace parse
