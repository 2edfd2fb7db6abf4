#include "merge/scalars.hpp"

namespace merge {

namespace {

using advisory::Advisory;
using advisory::Instant;
using base::json::Value;

Value to_json(Instant instant, base::Arena& arena) {
  return Value::string(arena.copy(advisory::format_instant(instant)));
}

using Text = std::string_view Advisory::*;

/// The first that is present. With `prefer_real`, derived summaries stand behind all others.
std::string_view decide_text(Work& work, std::string_view field, Text member, bool prefer_real) {
  const Speaker* winner = nullptr;
  for (const Speaker& speaker : work.givers()) {
    if ((speaker.advisory->*member).empty()) continue;
    const bool better = winner == nullptr || (prefer_real && winner->advisory->summary_derived &&
                                              !speaker.advisory->summary_derived);
    if (better) winner = &speaker;
  }
  if (winner == nullptr) return {};
  work.provenance.add(field, winner->key);
  for (const Speaker& speaker : work.traced()) {
    const std::string_view text = speaker.advisory->*member;
    const bool derived =
        prefer_real && speaker.advisory->summary_derived && !winner->advisory->summary_derived;
    if (!text.empty())
      work.note(field, speaker, Value::string(text),
                &speaker == winner ? Verdict::won
                : derived          ? Verdict::derived
                                   : Verdict::precedence);
  }
  return winner->advisory->*member;
}

std::optional<Instant> published_of(const Advisory& record) {
  return record.published;
}

std::optional<Instant> modified_of(const Advisory& record) {
  return record.modified ? record.modified : record.published;
}

std::optional<Instant> withdrawn_of(const Advisory& record) {
  return record.withdrawn ? record.withdrawn : modified_of(record);
}

enum class Wanted : std::uint8_t { earliest, latest };

using Time = std::optional<Instant> (*)(const Advisory&);

Verdict verdict_on(Instant time, Instant winning, Wanted wanted) {
  if (advisory::is_plausible(winning) && !advisory::is_plausible(time)) return Verdict::implausible;
  if (time == winning || !advisory::is_plausible(time)) return Verdict::precedence;
  return wanted == Wanted::latest ? Verdict::not_latest : Verdict::not_earliest;
}

/// The earliest or latest plausible time, else the first at all; of equal ones the first.
std::optional<Instant> decide_time(Work& work, std::string_view field, Time time_of, Wanted wanted) {
  const Speaker* winner = nullptr;
  Instant value;
  for (const Speaker& speaker : work.givers()) {
    const auto time = time_of(*speaker.advisory);
    if (!time) continue;
    const bool plausible = advisory::is_plausible(*time);
    const bool further = wanted == Wanted::latest ? *time > value : *time < value;
    const bool better = winner == nullptr || (plausible && (further || !advisory::is_plausible(value)));
    if (!better) continue;
    winner = &speaker;
    value = *time;
  }
  if (winner == nullptr) return std::nullopt;
  work.provenance.add(field, winner->key);
  for (const Speaker& speaker : work.traced()) {
    if (const auto time = time_of(*speaker.advisory))
      work.note(field, speaker, to_json(*time, work.arena),
                &speaker == winner ? Verdict::won : verdict_on(*time, value, wanted));
  }
  return value;
}

}  // namespace

Scalars decide_scalars(Work& work) {
  Scalars out;
  out.summary = decide_text(work, "summary", &Advisory::summary, true);
  out.details = decide_text(work, "details", &Advisory::details, false);
  out.kev_added = decide_text(work, "kev_added", &Advisory::kev_added, false);
  out.published = decide_time(work, "published", published_of, Wanted::earliest);
  out.modified = decide_time(work, "modified", modified_of, Wanted::latest).value_or(Instant{});
  if (work.givers().front().advisory->retracted) {  // then all are
    out.withdrawn = decide_time(work, "withdrawn", withdrawn_of, Wanted::latest).value_or(out.modified);
  } else {
    for (const Speaker& speaker : work.traced())
      if (const auto time = withdrawn_of(*speaker.advisory); time && !work.is_heard(speaker))
        work.note("withdrawn", speaker, to_json(*time, work.arena), Verdict::retracted);
  }
  return out;
}

}  // namespace merge
