#pragma once

// What failed, since when, by which upstream and why: requests that failed alike, gathered.

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "logline/join.hpp"

namespace fix502 {

/// How many fell into each stretch of time. It has a fixed number of places; a stretch grows as the whole time does.
class Timeline {
 public:
  static constexpr std::size_t kPlaces = 240;
  void add(WallTime when, std::uint64_t count = 1);
  [[nodiscard]] bool empty() const { return total_ == 0; }
  [[nodiscard]] WallTime begin() const { return WallTime(std::chrono::seconds(first_ * width_)); }
  [[nodiscard]] std::int64_t width() const { return width_; }
  [[nodiscard]] const std::array<std::uint64_t, kPlaces>& places() const { return places_; }
  /// Summed into so many stretches of the time from `from` to `to`.
  [[nodiscard]] std::vector<std::uint64_t> sampled(WallTime from, WallTime to, std::size_t count) const;

 private:
  void widen();
  std::int64_t first_ = 0;  // number of the first place's stretch
  std::int64_t width_ = 1;  // seconds
  std::uint64_t total_ = 0;
  std::array<std::uint64_t, kPlaces> places_{};
};

/// Names with how often each occurred, at most so many; the rest is summed.
class Tally {
 public:
  explicit Tally(std::size_t most = 64) : most_(most) {}
  void add(std::string_view name, std::uint64_t count = 1);
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> top(std::size_t count) const;
  [[nodiscard]] std::uint64_t other() const { return other_; }
  [[nodiscard]] std::size_t size() const { return counts_.size(); }

 private:
  std::size_t most_;
  std::map<std::string, std::uint64_t, std::less<>> counts_;
  std::uint64_t other_ = 0;
};

struct Incident {
  std::string fault;
  std::string cause;  ///< RFC 9209; empty where none is known
  std::string gateway;
  std::string upstream;  ///< empty where no log tells
  WallTime first_seen{};
  WallTime last_seen{};
  std::uint64_t failed = 0;     ///< client requests, each once
  std::uint64_t retried = 0;    ///< requests that another upstream saved
  std::uint64_t lines = 0;      ///< of an application's log, about no single request
  std::uint64_t folded = 0;     ///< of `failed`: consequences, such as "no live upstreams"
  std::uint64_t unmatched = 0;  ///< error lines without an access line; settled at the end
  std::uint64_t in_access = 0;
  bool saved = false;  ///< what was unmatched was answered by another upstream
  std::optional<std::uint64_t> requests;
  Sureness sureness = Sureness::possible;
  std::string made_by;
  Tally urls;
  Tally hosts{8};
  Tally tried{16};
  Tally statuses{8};
  std::string sample;
  std::uint32_t file = 0;
  Timeline timeline;
  std::string because;     ///< an application's line that explains it
  std::string began_with;  ///< what changed at the minute
  WallTime changed_at{};
  std::vector<LoggedFailure> open_questions;  ///< some of `unmatched`, for whoever can look them up
};

class Incidents {
 public:
  explicit Incidents(std::chrono::seconds gap) : gap_(gap) {}
  void take(LoggedFailure&& failure);
  /// Called with each failed request as it is counted: with its cause, where it was a consequence.
  std::function<void(const LoggedFailure&)> watcher;

  /// Was the request of this error line answered well after all? Empty: nobody can tell.
  using Answered = std::function<std::optional<bool>(const LoggedFailure&)>;
  /// All incidents in order of damage.
  [[nodiscard]] std::vector<Incident> finish(const Answered& answered);
  /// The same, of what is known so far; nothing is settled by it.
  [[nodiscard]] std::vector<Incident> so_far() const;

 private:
  struct Mark {
    WallTime at{};
    std::string fault, cause, sample;
    bool up = false;
  };
  struct Change {
    WallTime at{};
    std::string gateway, sample;
  };

  Incident& incident_for(const LoggedFailure& failure);
  void fold(LoggedFailure& failure) const;
  void refine(LoggedFailure& failure) const;
  void note(const Incident& incident, const LoggedFailure& failure);

  std::chrono::seconds gap_;
  std::vector<Incident> all_;
  std::map<std::string, std::size_t, std::less<>> open_;     // by gateway, fault, upstream
  std::map<std::string, std::size_t, std::less<>> primary_;  // the last real cause, by gateway and host, and by gateway
  std::map<std::string, Mark, std::less<>> marks_;           // by gateway and upstream
  std::vector<Change> changes_;
};

/// Most requests first; then what lasted longest; then the earliest.
void sort_by_damage(std::vector<Incident>& incidents);

}  // namespace fix502
