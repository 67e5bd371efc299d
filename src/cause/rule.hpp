#pragma once

// What a file in causes/ exports: one fault of the second table, and its rule.

#include <string_view>
#include <vector>

#include "cause/cause.hpp"
#include "cause/scene.hpp"

namespace fix502 {

inline constexpr int kAgain = 11;  ///< EAGAIN of Linux: connect(2) on a Unix socket whose queue is full

struct CauseRule {
  std::string_view fault;
  /// Findings of the same upstream that are dropped where this one is present: they are its symptoms.
  std::vector<std::string_view> explains;
  /// It strikes at one server and before it has the request, so that another server makes up for it.
  bool of_one_server = false;
  void (*match)(const Scene& scene, std::vector<CauseFinding>& found) = nullptr;
};
[[nodiscard]] const std::vector<const CauseRule*>& cause_register();

}  // namespace fix502
