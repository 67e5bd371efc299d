#pragma once

#include <string>

#include "fault/picture.hpp"

namespace fix502 {

/// How the same request fails now and then.
struct Pattern {
  int failed = 0;
  int tries = 0;
  double low = 0;  ///< 95 % interval of the share that fails (Wilson 1927)
  double high = 1;
  bool wears_off = false;  ///< good at first, then no more: perhaps because of how often it was asked
  std::string words;       ///< a sentence: "It looks as if 1 of 3 servers behind it is broken."
};
[[nodiscard]] Pattern read_pattern(const Tries& tries);

}  // namespace fix502
