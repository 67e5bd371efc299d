#pragma once

// /probe and /metrics.

#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>

#include "serve/observer.hpp"
#include "serve/probe.hpp"
#include "serve/problem.hpp"
#include "serve/world.hpp"

namespace fix502 {

/// What a failing probe is about: the labels of fix502_verdict_info.
struct ProbeVerdict {
  std::string fault, hop, side, cause;
};
void write_verdict(MetricsText& text, const ProbeVerdict& verdict);

/// Figures of the parts that Prober does not know.
struct ServerFigures {
  std::size_t connections = 0, diagnoses = 0, watches = 0;
  std::uint64_t requests = 0, refused = 0, made_room = 0, diagnoses_begun = 0;
};

class Prober {
 public:
  /// `settings`: those of the diagnoses that explain failures.
  Prober(boost::asio::io_context& loop, const ServeWorld& world, const AllowedTargets& allowed, Settings settings);

  Task<Reply> probe_reply(const Request& request);
  Task<Reply> metrics_reply(ServerFigures figures);

  /// Gives up the diagnoses and looks of its own that are under way; they are over when it is not busy any more.
  void stop();
  [[nodiscard]] bool is_busy() const { return explaining_ > 0 || observer_.is_looking(); }

 private:
  using Clock = std::chrono::steady_clock;
  /// Why one target fails in one way. Looked into once in a while, and not while the last look still holds.
  struct Known {
    Clock::time_point when;
    std::unique_ptr<Event> found;  ///< by a diagnosis that may be under way
    ProbeVerdict verdict{};
    std::unique_ptr<Stopper> stopper = std::make_unique<Stopper>();
  };
  struct Count {
    std::uint64_t good = 0, bad = 0;
  };

  Task<const ProbeVerdict*> verdict_of(const ProbeTarget& target, const ProbeModule& module, const Probed& probed,
                                       Clock::time_point deadline);
  Task<void> explain(Target page, Settings settings, std::string key, Stopper& stopper);
  void forget_old();

  boost::asio::io_context& loop_;
  const ServeWorld& world_;
  const AllowedTargets& allowed_;
  Settings settings_;
  std::unique_ptr<Net> real_;
  GuardedNet net_;
  Observer observer_;
  std::map<std::string, Known> known_;
  std::size_t explaining_ = 0;
  std::map<std::string_view, Count> counts_;
  Clock::time_point start_ = Clock::now();
};

/// process_*: what the kernel says of this process (Prometheus' client libraries have the same names).
void write_process(MetricsText& text);

}  // namespace fix502
