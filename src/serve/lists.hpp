#pragma once

// What is only read: the history, the catalogue of faults, and what this server is.

#include "history/history.hpp"
#include "serve/problem.hpp"
#include "serve/world.hpp"

namespace fix502 {

/// /api/history; `history` null: nothing is remembered.
[[nodiscard]] Reply history_reply(History* history, const Request& request, WallTime now);
/// /api/faults
[[nodiscard]] Reply faults_reply();
/// /api/about
[[nodiscard]] Reply about_reply(bool serves_others);

}  // namespace fix502
