#pragma once

#include <optional>

#include "gateway/gateways/nginx/journey.hpp"

namespace fix502::nginx {

/// The directives of nginx's rewrite module in one block, in their order: set, if, rewrite, return, break. An outcome
/// where they answer the request. `stop`: the rest of them is not run.
[[nodiscard]] std::optional<Outcome> run_rewrites(Journey& journey, const Block& block, bool& stop);

/// The variable that this directive makes is only known at run time.
void forget(Journey& journey, const Directive& setter);

/// The condition of an `if`.
[[nodiscard]] bool holds(Journey& journey, const Directive& condition);

}  // namespace fix502::nginx
