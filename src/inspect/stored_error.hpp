#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cause/gateway_evidence.hpp"

namespace fix502 {

/// The error that a gateway's cache folder keeps for this request, if any. Looks at no more than 20,000 files, and at
/// the first 4 KiB of each. nginx writes "\nKEY: ..." before the stored header.
[[nodiscard]] std::optional<CachedError> find_stored_error(const std::string& folder, const Incoming& incoming);
/// The same for one file's beginning. Pure.
[[nodiscard]] std::optional<CachedError> read_stored_error(std::string_view head, const Incoming& incoming);

}  // namespace fix502
