#pragma once

#include <optional>
#include <string_view>

#include "fault/rule.hpp"

namespace fix502 {

/// The finding where the failing answer's own maker names that fault in its own words (signature tables).
[[nodiscard]] std::optional<Finding> as_the_answer_says(const Picture& picture, std::string_view fault);
/// The fault that the failing answer's own maker names; empty where it names none.
[[nodiscard]] std::string said_fault(const HttpExchange& http);
/// "the gateway (nginx)", "cloudflare": who speaks, for a sentence.
[[nodiscard]] std::string speaker(const HttpExchange& http);

}  // namespace fix502
