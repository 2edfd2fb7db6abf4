#include "jobs/task_types.hpp"

#include <algorithm>
#include <charconv>

#include "advisory/advisory.hpp"
#include "base/format.hpp"
#include "base/listed.hpp"
#include "snapshot/manifest.hpp"

namespace jobs {

namespace {

using base::json::Kind;
using base::json::Value;
using Names = std::vector<std::string>;

// The members of a payload, each named and read once; a member left over is a mistake.
class Payload {
 public:
  explicit Payload(std::string_view text) : text_(text) {
    if (text_.empty()) return;
    const auto parsed = base::json::parse(text_, arena_);
    if (parsed.error) throw RequestError(base::format("the payload is not JSON: {}", parsed.error->what));
    if (!parsed.value.is_object() && !parsed.value.is_null())
      throw RequestError("the payload is not a JSON object");
    object_ = parsed.value;
  }

  template <typename Known>
  Names names(std::string_view key, const Known& known) {
    const Value* const value = take(key);
    if (value == nullptr || value->is_null()) return {};
    Names result;
    if (!value->is_array()) refuse(key, "an array of texts");
    for (const Value& item : value->items()) {
      const auto is_called_so = [&](auto one) { return to_string(one) == item.text(); };
      if (!item.is_string() || std::none_of(std::begin(known), std::end(known), is_called_so))
        refuse(key, "an array of " + base::listed(known, "and"));
      result.emplace_back(item.text());
    }
    return result;
  }

  bool flag(std::string_view key) {
    const Value* const value = take(key);
    if (value == nullptr || value->is_null()) return false;
    if (value->kind() != Kind::boolean) refuse(key, "true or false");
    return value->as_bool();
  }

  int days(std::string_view key, int otherwise) {
    const Value* const value = take(key);
    if (value == nullptr || value->is_null()) return otherwise;
    const std::string_view text = value->text();
    int days = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
    if (value->kind() != Kind::number || error != std::errc() || end != text.data() + text.size() ||
        days < 1 || days > 36500)
      refuse(key, "a number of days from 1 to 36500");
    return days;
  }

  void end() const {
    if (taken_ == object_.members().size()) return;
    for (const auto& member : object_.members())
      if (std::find(known_.begin(), known_.end(), member.key) == known_.end())
        throw RequestError(base::format("the payload has an unknown member '{}'", member.key));
  }

 private:
  const Value* take(std::string_view key) {
    known_.push_back(key);
    const Value* const value = object_.find(key);
    if (value != nullptr) ++taken_;
    return value;
  }

  [[noreturn]] static void refuse(std::string_view key, std::string_view expected) {
    throw RequestError(base::format("'{}' is not {}", key, expected));
  }

  base::Arena arena_;
  std::string text_;
  Value object_;
  std::vector<std::string_view> known_;
  std::size_t taken_ = 0;
};

std::string list_text(const Names& names) {
  std::string text = "[";
  for (const std::string& name : names) {
    if (text.size() > 1) text += ", ";
    base::json::write_string(name, text);
  }
  return text + "]";
}

// Nothing asked for means everything.
bool contains_all(const Names& open, const Names& wanted) {
  if (open.empty()) return true;
  if (wanted.empty()) return false;
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
    return std::find(open.begin(), open.end(), name) != open.end();
  });
}

}  // namespace

const TaskType* find_task_type(std::string_view type) {
  const auto* const found = std::find_if(task_types.begin(), task_types.end(),
                                         [&](const TaskType& one) { return one.type == type; });
  return found == task_types.end() ? nullptr : found;
}

std::string to_payload(const SyncRequest& request) {
  return base::format(R"({{"sources": {}, "full": {}}})", list_text(request.sources), request.full);
}

std::string to_payload(const ExportRequest& request) {
  return base::format(R"({{"formats": {}}})", list_text(request.formats));
}

std::string to_payload(const CleanupRequest& request) {
  return base::format(R"({{"older_than_days": {}}})", request.older_than_days);
}

SyncRequest read_sync_request(std::string_view text) {
  Payload payload(text);
  SyncRequest request{payload.names("sources", advisory::all_sources), payload.flag("full")};
  payload.end();
  return request;
}

ExportRequest read_export_request(std::string_view text) {
  Payload payload(text);
  ExportRequest request{payload.names("formats", snapshot::all_formats)};
  payload.end();
  return request;
}

CleanupRequest read_cleanup_request(std::string_view text) {
  Payload payload(text);
  CleanupRequest request{payload.days("older_than_days", CleanupRequest{}.older_than_days)};
  payload.end();
  return request;
}

bool covers(std::string_view type, std::string_view open, std::string_view wanted) {
  try {
    if (type == sync_type) {
      const SyncRequest a = read_sync_request(open);
      const SyncRequest b = read_sync_request(wanted);
      return contains_all(a.sources, b.sources) && (a.full || !b.full);
    }
    if (type == export_type)
      return contains_all(read_export_request(open).formats, read_export_request(wanted).formats);
    return read_cleanup_request(open).older_than_days <= read_cleanup_request(wanted).older_than_days;
  } catch (const RequestError&) {
    return false;  // a foreign job that will fail covers nothing
  }
}

TaskMessage message_for(std::string_view type, const std::string& queue, const std::string& id,
                        const std::string& payload) {
  constexpr Seconds retention = 86400;  // so that dashboards show what was done
  TaskMessage message;
  message.type = type;
  message.queue = queue;
  message.id = id;
  message.payload = payload;
  message.retention = retention;
  if (const TaskType* const kind = find_task_type(type)) {
    message.retry = kind->max_retry;
    message.timeout = kind->timeout;
  }
  return message;
}

}  // namespace jobs
