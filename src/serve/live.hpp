#pragma once

// A diagnosis told while it goes on: what changed since the last time, as events.

#include <map>
#include <string>

#include "experiment/run.hpp"
#include "report/report.hpp"
#include "serve/event_log.hpp"

namespace fix502 {

class LiveStory {
 public:
  explicit LiveStory(EventLog& log) : log_(log) {}

  void start(const std::string& id, const Target& target, const Settings& settings);
  /// The observations that were not told yet.
  void probes(const Run& run);
  /// What they would mean if they were all: hops and steps, where they changed. Costs a whole reasoning.
  void judge(const Evidence& so_far);
  void progress(Milliseconds elapsed, Milliseconds budget);
  /// What they do mean; the report goes along.
  void conclude(const Report& report, const Json& tree);
  /// Before the page was visited there is nothing to reason about.
  [[nodiscard]] bool has_news() const { return visited_ && told_ > judged_; }

 private:
  void picture(const std::vector<PathHop>& path, const std::vector<Step>& steps);
  void change(std::string_view event, const std::string& id, Json json);

  EventLog& log_;
  std::size_t told_ = 0;    // observations
  std::size_t judged_ = 0;  // of them
  bool visited_ = false;
  std::string doing_;
  std::map<std::string, Json> last_;  // of each hop and step
};

/// What the experiment is about, for a person.
[[nodiscard]] std::string_view experiment_says(std::string_view experiment);

}  // namespace fix502
