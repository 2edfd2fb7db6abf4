#include "api/changes.hpp"

#include "advisory/vulnerability.hpp"
#include "api/backend.hpp"
#include "api/parameters.hpp"
#include "base/format.hpp"
#include "snapshot/directory.hpp"
#include "store/feed.hpp"
#include "store/generated/service.hpp"
#include "store/json.hpp"
#include "store/status_json.hpp"

namespace api {

namespace {

using base::json::Value;

constexpr std::int64_t most_changes = 1000;
constexpr std::int64_t most_seconds = 60;

struct Page {
  store::sql::FeedPositionRow feed;
  std::vector<store::sql::ChangesWithDocumentsRow> changes;  // one more than asked for when there are more
};

[[noreturn]] void refuse_gone(const std::string& why, const std::string& snapshot) {
  base::Arena arena;
  const Value version = snapshot.empty() ? Value() : store::json_text(snapshot, arena);
  const std::string advice =
      snapshot.empty() ? "; there is no snapshot to begin with: make one with 'vuln-datasync export'"
                       : "; load snapshot " + snapshot + " and go on from its changes_cursor";
  throw Refusal(error_response(410, "gone", why + advice, {{"snapshot", version}}));
}

struct Asked {
  std::int64_t after = 0;
  std::int64_t limit = 0;
  bool with_documents = false;
  std::string feed_id;
};

Page read_page(pg::Connection& connection, const Asked& asked, const std::string& exports) {
  // One state of the database: the feed's position must not be older than the changes.
  const pg::Transaction snapshot(connection, pg::Transaction::Mode::read_only_snapshot);
  Page page{store::sql::feed_position(connection).value_or(store::sql::FeedPositionRow{}), {}};
  const bool is_other_feed = !asked.feed_id.empty() && asked.feed_id != page.feed.feed_id;
  if (is_other_feed || store::is_too_old(page.feed, asked.after)) {
    const auto latest = store::sql::latest_usable_export(connection, exports);
    refuse_gone(is_other_feed ? "the database was built anew, and its feed is another: " + page.feed.feed_id
                              : base::format("changes after {} are not kept any more", asked.after),
                latest.empty() ? std::string() : latest.front().version);
  }
  if (asked.with_documents) {
    page.changes = store::sql::changes_with_documents(connection, asked.after, asked.limit + 1);
  } else {
    for (auto& row : store::sql::changes_after(connection, asked.after, asked.limit + 1))
      page.changes.push_back({row.cursor, row.uid, std::move(row.id), std::move(row.other_ids),
                              std::move(row.kind), std::move(row.fields), std::move(row.document_hash),
                              row.run_id, row.at, std::nullopt});
  }
  return page;
}

Value item_json(const store::sql::ChangesWithDocumentsRow& row, bool with_document, base::Arena& arena) {
  const store::sql::ChangesAfterRow plain{row.cursor, row.uid,           row.id,     row.other_ids, row.kind,
                                          row.fields, row.document_hash, row.run_id, row.at};
  const Value change = store::change_json(plain, arena);
  if (!with_document) return change;
  base::json::ObjectBuilder object(arena);
  for (const auto& [key, value] : change.members()) object.add(key, value);
  object.add("document", row.document ? advisory::parse_document(*row.document, arena).value : Value());
  return object.finish();
}

}  // namespace

Response list_changes(Backend& backend, const Request& request) {
  const Asked asked{number_parameter(request, "after", 0, INT64_MAX - 1, 0),
                    number_parameter(request, "limit", 1, most_changes, 100), includes_documents(request),
                    text_parameter(request, "feed_id")};
  const std::int64_t wait = number_parameter(request, "wait", 0, most_seconds, 0);
  const std::string exports = snapshot::Directory(backend.settings().exports).canonical();
  Page page =
      backend.pool().read([&](pg::Connection& connection) { return read_page(connection, asked, exports); });
  const bool has_more = page.changes.size() > static_cast<std::size_t>(asked.limit);
  if (has_more) page.changes.resize(static_cast<std::size_t>(asked.limit));
  base::Arena arena;
  std::vector<Value> items;
  for (const auto& change : page.changes) items.push_back(item_json(change, asked.with_documents, arena));
  const std::int64_t next = page.changes.empty() ? asked.after : page.changes.back().cursor;
  Response response =
      json_response(base::json::ObjectBuilder(arena)
                        .add("items", base::json::make_array(arena, std::span<const Value>(items)))
                        .add("next_cursor", store::json_number(next, arena))
                        .add("has_more", Value::boolean(has_more))
                        .add("feed_id", store::json_text(page.feed.feed_id, arena))
                        .finish());
  response.set("Cache-Control", "no-store");
  if (items.empty() && wait > 0) response.hold = Hold{asked.after, std::chrono::seconds(wait)};
  return response;
}

}  // namespace api
