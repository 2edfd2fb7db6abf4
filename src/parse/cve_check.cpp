#include "parse/cve_check.hpp"

namespace parse {

namespace {

using base::json::Value;

class CveChecker {
 public:
  explicit CveChecker(TypeCheck& types) : types_(types) {}

  void record(const Value& record) {
    const Path root;
    const Path metadata_path(root, "cveMetadata");
    const Value metadata = member(record, "cveMetadata");
    for (const std::string_view key :
         {"state", "dateUpdated", "datePublished", "dateRejected", "assignerOrgId", "assignerShortName"})
      types_.text(metadata, key, metadata_path);
    const Path here(root, "containers");
    const Value containers = types_.object(record, "containers", root);
    for (const std::string_view key : {"cna", "cnaContainer"})
      container(types_.object(containers, key, here), Path(here, key));
    each_object(containers, "adp", here, [&](const Value& adp, const Path& path) { container(adp, path); });
  }

 private:
  // Calls check(item, path) for each item of an array, all of which must be objects.
  template <typename Check>
  void each_object(const Value& object, std::string_view key, const Path& path, Check check) {
    const Path here(path, key);
    const auto items = types_.array(object, key, path);
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Path item(here, i);
      types_.expect_object(items[i], item);
      check(items[i], item);
    }
  }

  void texts(const Value& object, const Path& path, std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys) types_.text(object, key, path);
  }

  void container(const Value& value, const Path& path) {
    const Path provider_path(path, "providerMetadata");
    texts(types_.object(value, "providerMetadata", path), provider_path,
          {"orgId", "shortName", "dateUpdated"});
    texts(value, path, {"title", "datePublic"});
    types_.object(value, "source", path);
    types_.texts(value, "replacedBy", path);
    for (const std::string_view key : {"descriptions", "rejectedReasons"})
      each_object(value, key, path, [&](const Value& each, const Path& here) {
        texts(each, here, {"lang", "value"});
      });
    each_object(value, "credits", path, [&](const Value& each, const Path& here) {
      texts(each, here, {"value", "type"});
    });
    each_object(value, "references", path, [&](const Value& each, const Path& here) {
      texts(each, here, {"url", "name"});
      types_.texts(each, "tags", here);
    });
    each_object(value, "problemTypes", path, [&](const Value& each, const Path& here) {
      each_object(each, "descriptions", here, [&](const Value& one, const Path& at) {
        texts(one, at, {"cweId", "description", "type"});
      });
    });
    each_object(value, "metrics", path, [&](const Value& each, const Path& here) { metric(each, here); });
    each_object(value, "affected", path, [&](const Value& each, const Path& here) { product(each, here); });
  }

  void metric(const Value& value, const Path& path) {
    for (const std::string_view key : {"cvssV2_0", "cvssV3_0", "cvssV3_1", "cvssV4_0"})
      texts(types_.object(value, key, path), Path(path, key), {"vectorString"});
  }

  void product(const Value& value, const Path& path) {
    texts(value, path, {"collectionURL", "packageName", "packageURL", "repo", "defaultStatus"});
    each_object(value, "versions", path, [&](const Value& each, const Path& here) {
      texts(each, here, {"version", "status", "versionType", "lessThan", "lessThanOrEqual"});
      each_object(each, "changes", here, [&](const Value& change, const Path& at) {
        texts(change, at, {"at", "status"});
      });
    });
  }

  TypeCheck& types_;
};

}  // namespace

void check_cve_types(const Value& record, TypeCheck& types) {
  CveChecker(types).record(record);
}

}  // namespace parse
