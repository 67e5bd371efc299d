#pragma once

#include <optional>
#include <utility>

#include "fault/rule.hpp"

namespace fix502 {

/// The fault that a finding hides: the error behind a stored one, or behind a broken certificate.
[[nodiscard]] std::optional<std::pair<const Fault*, Finding>> behind(const Finding& finding, const Picture& picture);
/// Where nothing could be concluded: what would explain the failure.
[[nodiscard]] std::vector<Alternative> possible_faults(const Picture& picture);

}  // namespace fix502
