#pragma once

// What the answers to the eight pieces of advice have in common.

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "fault/fault.hpp"
#include "fault/picture.hpp"

namespace fix502 {

/// A case, its verdict, and what both are about.
struct Context {
  const Picture& picture;
  const Verdict& verdict;
  std::string_view fault;  ///< of the verdict; empty without one
};

[[nodiscard]] inline bool any_of(std::string_view fault, std::initializer_list<std::string_view> ids) {
  return std::ranges::find(ids, fault) != ids.end();
}

[[nodiscard]] inline Step made(std::string_view id, Outlook outlook, std::string finding, Cites evidence = {}) {
  return {std::string(id), StepState::done, outlook, std::move(finding), std::move(evidence)};
}

[[nodiscard]] inline Step skipped(std::string_view id, std::string why) {
  return {std::string(id), StepState::skipped, Outlook::unknown, std::move(why), {}};
}

[[nodiscard]] inline Cites ids_of(const std::vector<const Observation*>& seen, std::size_t most = 4) {
  Cites ids;
  for (const Observation* one : seen)
    if (ids.size() < most) ids.push_back(one->id);
  return ids;
}

/// "Clear the browser's cache": its own file, for what browsers were seen to hold.
[[nodiscard]] Step browser_cache_step(const Context& in);

}  // namespace fix502
