// Fields that are unions, in the order of precedence, by a normal form of their elements. The first record
// that has an element gives it.
#pragma once

#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "merge/work.hpp"

namespace merge {

/// By URL, where http and https, letter case of the host, blanks around and one '/' at the end make no
/// difference; the stored URL is the first, verbatim. A type that says more than WEB wins against WEB, else
/// the first. An array of {type, url}.
base::json::Value decide_references(Work& work);

/// By name and type. An array of {contact, name, type}.
base::json::Value decide_credits(Work& work);

/// CWE-1035 and CWE-937 stand last: they are categories ("using components with known vulnerabilities") that
/// one source puts into nearly every record.
std::vector<std::string_view> decide_cwe_ids(Work& work);

/// The ids of the group without its public one, sorted.
std::vector<std::string_view> decide_aliases(Work& work);

/// What the records name and what resolve adds, without the group's own ids, sorted. Ids are cleaned as
/// aliases are; what is no id stays verbatim.
std::vector<std::string_view> decide_related(Work& work);
std::vector<std::string_view> decide_upstream(Work& work);

/// Where two URLs are the same for decide_references, their forms are.
std::string url_form(std::string_view url);

}  // namespace merge
