#pragma once

// When to look again. Pure: every moment is given.
//
// Two wishes pull in opposite directions: the site must not be hammered, and whoever waits wants to know soon. The
// figures are chosen so that in the first two minutes recovery is reported within 12 s of it (10 s between tries, and
// two confirmations half a second apart), with no more than 15 requests until 90 s have gone by (2 of the first look, 9
// that fail, 3 good ones). pace_test.cpp holds them to that, with room to spare; bench/watch measures it.

#include <chrono>
#include <optional>

namespace fix502 {

using Wait = std::chrono::milliseconds;

/// Good answers in a row, from every address, that make a recovery; and the time between them.
constexpr int kConfirmations = 3;
constexpr Wait kConfirmationGap{500};
/// Requests that the first look at an outage may send.
constexpr int kQuickLook = 2;
/// An outage that lasts longer than this is worth a whole diagnosis, once.
constexpr Wait kThoroughAfter{120'000};
/// Diagnoses at the same time, where many pages are watched.
constexpr int kLooksAtOnce = 4;
/// Between the tries of a page that works (--forever).
constexpr Wait kHealthyWait{60'000};
/// Between two requests to one host, whatever they are for.
constexpr Wait kHostSpacing{250};
/// An answer that asks for rest is obeyed; a record's end is waited for, and then a little.
constexpr Wait kRecordGone{1'000};

/// What is known beside the time.
struct Hints {
  std::optional<Wait> rest;         ///< Retry-After of the last answer
  std::optional<Wait> record_left;  ///< until the wrong DNS record runs out
};

/// The wait before the next try of a page that has failed for `failing` under our eyes. `chance` is from [0, 1): many
/// who wait for one site must not come in step.
[[nodiscard]] Wait next_try(Wait failing, const Hints& hints, double chance);
/// The same for a page that works.
[[nodiscard]] Wait next_visit(double chance);

}  // namespace fix502
