#pragma once

#include <string>
#include <vector>

#include "fault/fault.hpp"
#include "fault/names.hpp"

namespace fix502 {

/// The caches of this machine that hold an answer which the zone does not give, the farthest from the programs first:
/// a nearer one would otherwise learn it again.
[[nodiscard]] std::vector<const Observation*> bad_caches(const Names& names);

/// What flushing them would do.
struct CacheWord {
  Outlook outlook = Outlook::unknown;
  std::string finding;
  Cites cites;
};
[[nodiscard]] CacheWord where_it_is_stored(const Names& names);

}  // namespace fix502
