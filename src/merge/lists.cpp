#include "merge/lists.hpp"

#include <algorithm>
#include <string>

#include "advisory/identifier.hpp"
#include "base/ascii.hpp"
#include "base/hash.hpp"

namespace merge {

namespace {

using advisory::Advisory;
using advisory::Reference;
using base::json::Value;

/// The union under construction. Elements are found by a hash of their form: lists are short, so a scan over
/// the hashes is the fastest way; where two hashes are equal, the forms decide.
struct ReferenceUnion {
  struct Element {
    std::uint64_t hash = 0;
    Reference reference;
    std::string_view from;
    std::string_view type_from;
  };
  std::vector<Element> elements;

  Element* find(std::uint64_t hash, std::string_view form) {
    for (Element& element : elements)
      if (element.hash == hash && url_form(element.reference.url) == form) return &element;
    return nullptr;
  }
};

Value to_json(const Reference& reference, base::Arena& arena) {
  return object_of(arena, {{"type", Value::string(reference.type)}, {"url", Value::string(reference.url)}});
}

void add_reference(Work& work, const Speaker& speaker, const Reference& reference, ReferenceUnion& all) {
  if (!work.is_heard(speaker))
    return work.note("references", speaker, to_json(reference, work.arena), Verdict::retracted);
  const std::string form = url_form(reference.url);
  const std::uint64_t hash = base::fast64(form);
  ReferenceUnion::Element* const known = all.find(hash, form);
  const bool joins = known == nullptr || (known->reference.type == "WEB" && reference.type != "WEB");
  if (work.trace != nullptr)
    work.note("references", speaker, to_json(reference, work.arena),
              joins ? Verdict::joined : Verdict::repeated);
  if (known == nullptr) {
    all.elements.push_back({hash, reference, speaker.key, speaker.key});
  } else if (joins) {
    known->reference.type = reference.type;
    known->type_from = speaker.key;
  }
}

Value credit_to_json(const advisory::Credit& credit, base::Arena& arena) {
  base::json::ObjectBuilder builder(arena);
  builder.add_unless_empty("contact", credit.contact).add("name", credit.name);
  return builder.add_unless_empty("type", Value::string(credit.type)).finish();
}

bool is_category(std::string_view cwe) {
  return cwe == "CWE-1035" || cwe == "CWE-937";
}

/// Adds what `speaker` has to a union of texts.
struct TextUnion {
  std::vector<std::string_view> texts;
  std::vector<std::string_view> from;

  bool add(std::string_view text, std::string_view source) {
    if (std::find(texts.begin(), texts.end(), text) != texts.end()) return false;
    texts.push_back(text);
    from.push_back(source);
    return true;
  }
};

void add_cwes(Work& work, bool categories, TextUnion& all) {
  for (const Speaker& speaker : work.speakers()) {
    for (const std::string_view cwe : speaker.advisory->cwe_ids) {
      if (is_category(cwe) != categories) continue;
      const bool joins = work.is_heard(speaker) && all.add(cwe, speaker.key);
      work.note("cwe_ids", speaker, Value::string(cwe), joins ? Verdict::joined : Verdict::repeated);
    }
  }
}

bool is_own_id(const Work& work, std::string_view id) {
  return std::binary_search(work.group.ids.begin(), work.group.ids.end(), id);
}

/// The key of the first record that has `id` as its own or among its claims.
std::string_view claimant(const Work& work, std::string_view id) {
  for (const Speaker& speaker : work.order.all) {
    const Advisory& record = *speaker.advisory;
    if (record.own_id == id || std::binary_search(record.claims.begin(), record.claims.end(), id))
      return speaker.key;
  }
  return {};
}

using Ids = std::vector<std::string_view>;

/// The union of one list of ids of the records and of what resolve found, sorted.
Ids decide_ids(Work& work, std::string_view field, Ids Advisory::*member, const Ids& resolved) {
  struct Named {
    std::string_view id;
    std::string_view from;
  };
  std::vector<Named> named;
  for (const Speaker& speaker : work.speakers()) {
    for (const std::string_view text : speaker.advisory->*member) {
      const std::string_view id = advisory::clean_identifier(text).value_or(text);
      if (work.is_heard(speaker) && !is_own_id(work, id)) named.push_back({id, speaker.key});
      work.note(field, speaker, Value::string(text), is_own_id(work, id) ? Verdict::own_id : Verdict::joined);
    }
  }
  for (const std::string_view id : resolved)
    if (!is_own_id(work, id)) named.push_back({id, claimant(work, id)});
  std::stable_sort(named.begin(), named.end(), [](const Named& a, const Named& b) { return a.id < b.id; });
  Ids ids;
  Ids from;
  for (const Named& each : named) {
    if (!ids.empty() && ids.back() == each.id) continue;
    ids.push_back(each.id);
    from.push_back(each.from);
  }
  work.provenance.add_list(field, from);
  return ids;
}

}  // namespace

std::string url_form(std::string_view url) {
  while (!url.empty() && url.front() == ' ') url.remove_prefix(1);
  while (!url.empty() && url.back() == ' ') url.remove_suffix(1);
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!base::equal_ignoring_case(url.substr(0, scheme.size()), scheme)) continue;
    url.remove_prefix(scheme.size());
    break;
  }
  if (!url.empty() && url.back() == '/') url.remove_suffix(1);
  std::string form(url);
  const std::size_t host_end = std::min(form.size(), form.find_first_of("/?#"));
  std::transform(form.begin(), form.begin() + static_cast<std::ptrdiff_t>(host_end), form.begin(),
                 base::lower);
  return form;
}

Value decide_references(Work& work) {
  ReferenceUnion all;
  for (const Speaker& speaker : work.speakers())
    for (const Reference& reference : speaker.advisory->references)
      add_reference(work, speaker, reference, all);
  std::vector<Value> values;
  std::vector<std::string_view> from;
  values.reserve(all.elements.size());
  from.reserve(all.elements.size());
  for (const ReferenceUnion::Element& element : all.elements) {
    if (element.type_from != element.from)
      work.provenance.add(work.provenance.run("references", values.size(), values.size(), ".type"),
                          element.type_from);
    values.push_back(to_json(element.reference, work.arena));
    from.push_back(element.from);
  }
  work.provenance.add_list("references", from);
  return base::json::make_array(work.arena, values);
}

Value decide_credits(Work& work) {
  std::vector<const advisory::Credit*> all;
  std::vector<Value> values;
  std::vector<std::string_view> from;
  for (const Speaker& speaker : work.speakers()) {
    for (const advisory::Credit& credit : speaker.advisory->credits) {
      const bool known = std::any_of(all.begin(), all.end(), [&](const advisory::Credit* other) {
        return other->name == credit.name && other->type == credit.type;
      });
      if (work.trace != nullptr)
        work.note("credits", speaker, credit_to_json(credit, work.arena),
                  known ? Verdict::repeated : Verdict::joined);
      if (known || !work.is_heard(speaker)) continue;
      all.push_back(&credit);
      values.push_back(credit_to_json(credit, work.arena));
      from.push_back(speaker.key);
    }
  }
  work.provenance.add_list("credits", from);
  return base::json::make_array(work.arena, values);
}

std::vector<std::string_view> decide_cwe_ids(Work& work) {
  TextUnion all;
  add_cwes(work, false, all);
  add_cwes(work, true, all);
  work.provenance.add_list("cwe_ids", all.from);
  return all.texts;
}

std::vector<std::string_view> decide_aliases(Work& work) {
  Ids ids;
  Ids from;
  for (const std::string_view id : work.group.ids) {
    if (id == work.group.id) continue;
    ids.push_back(id);
    from.push_back(claimant(work, id));
  }
  work.provenance.add("id", claimant(work, work.group.id));
  work.provenance.add_list("aliases", from);
  return ids;
}

std::vector<std::string_view> decide_related(Work& work) {
  return decide_ids(work, "related", &Advisory::related, work.group.related);
}

std::vector<std::string_view> decide_upstream(Work& work) {
  return decide_ids(work, "upstream", &Advisory::upstream, work.group.upstream);
}

}  // namespace merge
