#pragma once

// What failed, since when, by which upstream and why: requests that failed alike, gathered.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "logline/join.hpp"
#include "logline/tally.hpp"

namespace fix502 {

/// From when on most answers of an upstream were slow, in seconds; what was usual before.
struct SlowAnswers {
  WallTime since{};
  double usual = 0;
  double took = 0;
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
  std::optional<SlowAnswers> slow;            ///< before it began
};

/// Incidents by up to three words. Every failed request looks here several times, so that no key is put together for
/// it.
class IncidentIndex {
 public:
  [[nodiscard]] std::optional<std::size_t> find(std::string_view a, std::string_view b, std::string_view c = {}) const;
  void set(std::string_view a, std::string_view b, std::string_view c, std::size_t value);
  void clear() { places_.clear(); }

 private:
  struct View {
    std::string_view a, b, c;
    bool operator==(const View&) const = default;
  };
  struct Key {
    std::string a, b, c;
    [[nodiscard]] View view() const { return {a, b, c}; }
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const View& view) const {
      return mixed_key(mixed_key(mixed_key(7, view.a), view.b), view.c);
    }
    std::size_t operator()(const Key& key) const { return (*this)(key.view()); }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const Key& x, const Key& y) const { return x.view() == y.view(); }
    bool operator()(const View& x, const Key& y) const { return x == y.view(); }
    bool operator()(const Key& x, const View& y) const { return x.view() == y; }
  };
  std::unordered_map<Key, std::size_t, Hash, Equal> places_;
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
  IncidentIndex open_;                              // by gateway, fault, upstream
  IncidentIndex primary_;                           // the last real cause, by gateway and host, and by gateway
  std::map<std::string, Mark, std::less<>> marks_;  // by gateway and upstream
  std::vector<Change> changes_;
};

/// Most requests first; then what lasted longest; then the earliest.
void sort_by_damage(std::vector<Incident>& incidents);

}  // namespace fix502
