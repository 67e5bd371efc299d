#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/fields.hpp"

namespace fix502::caddy {

/// Where a value stands in a JSON text: its bytes, quotes and braces counted in, and its line.
struct JsonPlace {
  std::size_t begin = 0, end = 0;
  int line = 0;
};
using JsonPlaces = std::map<const Json*, JsonPlace>;

/// The places of all values of `root`, which was parsed from this text and stays where it is. Of a name that stands
/// twice in an object the last one counts, as in `root`.
[[nodiscard]] JsonPlaces json_places(const Json& root, std::string_view text);

/// "/apps/http/servers/main/routes/0": the way to a value of `root` (RFC 6901); empty: it is not in there.
[[nodiscard]] std::string json_path(const Json& root, const Json& value);

}  // namespace fix502::caddy
