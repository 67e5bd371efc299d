#pragma once

#include <chrono>
#include <string>

#include "serve/http.hpp"

namespace fix502 {

enum class Refusal {
#define PROBLEM(id, name, status, title) id,
#include "serve/problems.def"
#undef PROBLEM
};

/// RFC 9457: what stands in the way, as application/problem+json. `detail`: one sentence for a person, made printable.
[[nodiscard]] Reply problem_reply(Refusal problem, std::string_view detail = {});
/// The same with a Retry-After.
[[nodiscard]] Reply problem_reply(Refusal problem, std::string_view detail, std::chrono::seconds retry_after);

}  // namespace fix502
