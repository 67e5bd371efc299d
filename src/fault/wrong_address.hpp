#pragma once

#include <optional>

#include "fault/rule.hpp"

namespace fix502 {

/// This machine's resolver gives addresses that have nothing in common with the zone's, and they fail.
struct WrongAddress {
  const ResolverView* resolver = nullptr;
  std::vector<std::string> truth;
  bool truth_works = false;  ///< the page was got at one of them
  bool counts_down = false;  ///< a cached record that was the zone's: its TTL runs down from at most the zone's
  std::uint32_t ttl = 0;     ///< seconds that it still has
  Cites truth_tries;
};
[[nodiscard]] std::optional<WrongAddress> find_wrong_address(const Picture& picture);
[[nodiscard]] Finding about_wrong_address(const Picture& picture, const WrongAddress& wrong);

}  // namespace fix502
