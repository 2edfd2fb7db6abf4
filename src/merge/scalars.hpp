// Fields of which one value wins.
#pragma once

#include <optional>
#include <string_view>

#include "advisory/timestamp.hpp"
#include "merge/work.hpp"

namespace merge {

struct Scalars {
  std::string_view summary;
  std::string_view details;
  std::string_view kev_added;
  std::optional<advisory::Instant> published;
  advisory::Instant modified;
  std::optional<advisory::Instant> withdrawn;
};

/// summary, details, kev_added: the first that is present, but a real summary before a derived one.
/// published, modified: the earliest and the latest plausible time, else the first that is given. A record
/// without `modified` counts with its `published`; where all have neither, `modified` is 1970, because a
/// document needs one.
/// withdrawn: only where every record is retracted, the latest plausible of their times. A retracted record
/// without such a time counts with its `modified`.
Scalars decide_scalars(Work& work);

}  // namespace merge
