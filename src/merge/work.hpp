// One merge in progress: what every deciding function reads and writes.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/json.hpp"
#include "merge/merge.hpp"
#include "merge/precedence.hpp"
#include "merge/provenance.hpp"
#include "merge/trace.hpp"

namespace merge {

struct Work {
  Work(const resolve::Group& group_given, std::span<const Contributor> contributors,
       std::span<const resolve::Record> resolved_given, base::Arena& arena_given, Trace* trace_given)
      : group(group_given),
        resolved(resolved_given),
        arena(arena_given),
        order(put_in_order(contributors, arena_given)),
        provenance(arena_given),
        trace(trace_given) {}

  std::span<const Speaker> givers() const { return order.givers(); }
  /// The givers; where a trace is wanted also the retracted ones that nobody listens to, see is_heard.
  std::span<const Speaker> speakers() const {
    return trace == nullptr ? givers() : std::span<const Speaker>(order.all);
  }
  /// Everybody where a trace is wanted, else nobody.
  std::span<const Speaker> traced() const {
    return trace == nullptr ? std::span<const Speaker>() : std::span<const Speaker>(order.all);
  }
  bool is_heard(const Speaker& speaker) const { return &speaker < order.all.data() + order.heard; }

  /// Writes an opinion to the trace, if there is one. What a speaker says that is not heard is `retracted`,
  /// whatever the verdict.
  void note(std::string_view field, const Speaker& from, const base::json::Value& value, Verdict verdict) {
    if (trace != nullptr)
      trace->push_back({field, from.key, value, is_heard(from) ? verdict : Verdict::retracted});
  }

  const resolve::Group& group;
  std::span<const resolve::Record> resolved;
  base::Arena& arena;
  Order order;
  Provenance provenance;
  std::vector<base::json::Value> conflicts;
  Trace* trace;
};

/// An object of members that are given in key order.
inline base::json::Value object_of(base::Arena& arena, std::initializer_list<base::json::Member> members) {
  return base::json::Value::object(arena.copy(std::span(members.begin(), members.size())));
}

/// `object` with one member more, in its place by key, or with another value where it has that key.
base::json::Value with_member(const base::json::Value& object, std::string_view key,
                              const base::json::Value& value, base::Arena& arena);

}  // namespace merge
