#pragma once

#include <optional>

#include "fault/rule.hpp"

namespace fix502 {

/// Some of the site's addresses fail steadily while others work steadily.
struct Split {
  const AddressView* bad = nullptr;
  const AddressView* good = nullptr;
  int failing = 0;
  int all = 0;
  bool felt = false;  ///< browsers do not get round the failing ones by themselves
};
[[nodiscard]] std::optional<Split> find_split(const Picture& picture);
[[nodiscard]] Finding about_split(const Split& split);
/// None works, and some are dead beside those that answer with an error: that is a fault of its own.
[[nodiscard]] std::optional<Finding> dead_beside(const Picture& picture);

}  // namespace fix502
