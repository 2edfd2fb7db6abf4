// Claims of the group's records that were not followed.
#pragma once

#include "merge/work.hpp"

namespace merge {

/// Adds a conflict per reason: {"field": "aliases", "reason": …, "values": [{"ids": […], "source": …}, …]}.
void find_link_conflicts(Work& work);

/// The key of a record of resolve's input, "osv/GO-2024-1234".
std::string_view key_of(const resolve::Record& record, base::Arena& arena);

}  // namespace merge
