#pragma once

// What is kept of the past: runs, outages, and how many tries worked in each stretch of time.

#include <optional>
#include <string>

#include "base/fields.hpp"
#include "target/target.hpp"

namespace fix502 {

/// Nobody waits longer between two tries.
constexpr std::chrono::seconds kStillWatched{3'600};

[[nodiscard]] inline std::int64_t unix_seconds(WallTime when) {
  return when.time_since_epoch().count();
}

/// What was wrong, in the words of the verdict; all empty where nobody knows.
struct Cause {
  std::string fault;  ///< id of the catalogue
  std::string hop;
  std::string side;
  std::string summary;

  bool operator==(const Cause&) const = default;
  static constexpr void fields(auto&& field) {
    field("fault", &Cause::fault);
    field("hop", &Cause::hop);
    field("side", &Cause::side);
    field("summary", &Cause::summary);
  }
};

/// One diagnosis.
struct PastRun {
  std::string url;  ///< as url_for_history() gives it
  WallTime started{};
  std::chrono::milliseconds duration{};
  std::string outcome;  ///< "healthy", "fault", "inconclusive"
  Cause cause;
  double confidence = 0;
};

/// A stretch of time in which the page did not work.
struct Outage {
  std::int64_t id = 0;
  std::string url;
  WallTime began{};
  WallTime last_failed{};
  std::optional<WallTime> ended;  ///< empty: it is not over, as far as is known
  bool end_seen = false;          ///< somebody looked when it ended; else `ended` is only when it was last seen failing
  std::int64_t tries = 0;         ///< that failed
  Cause cause;

  /// Until now, where it is not over and somebody still looks; else until it was last seen failing.
  [[nodiscard]] std::chrono::seconds length(WallTime now) const;
  [[nodiscard]] bool is_going_on(WallTime now) const { return !ended && now - last_failed <= kStillWatched; }
  /// Nobody looked for long before it was found to be over: it lasted at most so long.
  [[nodiscard]] bool is_at_most() const;
};

/// An end that was seen this soon after the last failure, or within a quarter of the whole, is known well enough.
constexpr std::chrono::seconds kEndKnown{120};

/// How many tries worked within kSlot from `began`.
struct Slot {
  WallTime began{};
  std::int64_t tries = 0;
  std::int64_t worked = 0;
};
constexpr std::chrono::seconds kSlot{600};

/// How long outages with the same cause lasted.
struct Typical {
  std::int64_t outages = 0;  ///< whose end was watched
  std::chrono::seconds median{};
};

/// The address under which a page is kept: the values of its query are left out, since they may let somebody in.
[[nodiscard]] std::string url_for_history(const Target& target);
/// The sentence without what url_for_history() leaves out.
[[nodiscard]] std::string text_for_history(std::string text, const Target& target);

}  // namespace fix502
