#pragma once

// Waiting until a page works again. One loop for all pages, a coroutine for each; what is told to a person, written
// to the history and done on recovery comes from here, how it looks does not.

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "history/history.hpp"
#include "net/net.hpp"
#include "sys/host.hpp"
#include "target/settings.hpp"
#include "watch/look.hpp"
#include "watch/site_visits.hpp"

namespace fix502 {

/// What is to be watched, and how long.
struct WatchOrder {
  std::vector<Target> targets;
  Settings settings;
  bool forever = false;         ///< go on after recovery
  std::optional<Wait> give_up;  ///< after so long; empty: never
};

/// One page, as it stands now.
struct Watched {
  Target target;
  bool failing = false;
  bool looked = false;  ///< whether anything is known yet
  bool gave_up = false;
  WallTime began{};           ///< of the outage
  std::int64_t tries = 0;     ///< of the outage, that failed
  std::int64_t requests = 0;  ///< sent to the site by this watch, the diagnoses' among them
  Cause cause;
  bool thorough = false;  ///< a whole diagnosis named the cause; else it is what two requests show
  std::string what;       ///< the last answer
  std::optional<std::chrono::steady_clock::time_point> next_try;
  Typical typical;                       ///< of outages with this cause
  std::vector<std::string> passed_over;  ///< addresses without which it works
};

/// What has happened to a page: happenings.def.
enum class Happening {
#define HAPPENING(id, word) id,
#include "watch/happenings.def"
#undef HAPPENING
};
[[nodiscard]] std::string_view to_word(Happening happening);

struct WatchEvent {
  Happening happening = Happening::tried;
  WallTime when{};
  std::optional<Wait> next;  ///< until the next try
  const Watched* page = nullptr;
};

/// The world around a watch.
struct WatchWorld {
  Net& net;
  const Host& host;
  History* history = nullptr;  ///< null: nothing is remembered
  Spacing::Clock now;
  std::function<double()> chance;  ///< from [0, 1)
  std::function<Task<Look>(Target, Depth)> diagnose;
  std::function<void(const WatchEvent&)> tell;       ///< must not wait
  std::function<void(const std::string&)> complain;  ///< about the history, in one line
};

class Watch {
 public:
  Watch(WatchOrder order, WatchWorld world);
  /// Ends when every page works, or its time is up; never with `forever`.
  Task<void> run();
  [[nodiscard]] const std::vector<Watched>& pages() const { return pages_; }

 private:
  /// What the coroutine of one page keeps beside what others may see.
  struct Site {
    Watched& page;
    SiteVisits visits;
    std::optional<std::chrono::steady_clock::time_point> record_ends;
    std::optional<Wait> rest;  ///< asked for by the last answer
    bool looked_thoroughly = false;
  };
  Task<void> watch(Watched& page);
  Task<void> begin(Site& site);
  Task<void> until_it_works(Site& site, bool at_once);
  Task<bool> one_try(Site& site);
  Task<void> until_it_fails(Site& site);
  Task<void> look(Site& site, Depth depth);
  Task<void> look_thoroughly(Site& site);
  Task<Round> confirmed(Site& site, Round first, int good);
  Task<void> give_up(Watched& page);
  void failed(Watched& page, const Round& round);
  void worked(Watched& page, bool over);
  void tell(const Watched& page, Happening happening, std::optional<Wait> next = {});
  void about_cause(Watched& page);
  [[nodiscard]] bool time_is_up(Wait ahead) const;
  template <typename T>
  std::optional<T> from_history(Result<T> result);

  WatchOrder order_;
  WatchWorld world_;
  Spacing spacing_;
  std::vector<Watched> pages_;
  std::chrono::steady_clock::time_point start_;
  bool history_failed_ = false;
  int looking_ = 0;
};

}  // namespace fix502
