#pragma once

// One diagnosis while it is being made: what has been seen so far, and the gate through which every request to the
// site passes, so that a struggling site is never hammered.

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "headless/headless.hpp"
#include "net/net.hpp"
#include "observation/evidence.hpp"
#include "sys/host.hpp"

namespace fix502 {

class Browsers;

/// Something that happens once and that several coroutines wait for.
class Event {
 public:
  explicit Event(boost::asio::io_context& io) : timer_(io, boost::asio::steady_timer::time_point::max()) {}
  void fire();
  [[nodiscard]] bool fired() const { return fired_; }
  Task<void> wait();
  /// True when it fired within `time`.
  Task<bool> wait_for(Milliseconds time);

 private:
  boost::asio::steady_timer timer_;
  bool fired_ = false;
};

/// Runs all of them side by side; done when the last one is.
Task<void> all(std::vector<Task<void>> tasks);

/// A name that no filter lists and no server has; RFC 6761 keeps it from ever resolving.
inline constexpr std::string_view kNeutralName = "fix502.invalid";

/// Leaves out what is meant for one site over a way it has secured: cookies and credentials given by hand.
void leave_out_secrets(HttpRequest& request);

/// One question to the site: which experiment asks, what it varies, and the request.
struct Ask {
  std::string experiment;
  Varied varied;
  HttpRequest request;
};

/// Looks into the caches that this machine's resolvers keep; reads only.
using LookIntoCaches =
    std::function<Task<std::vector<ResolverCache>>(std::string name, ResolverConfig config, Milliseconds time)>;

class Run {
 public:
  using Clock = std::chrono::steady_clock;
  /// Called with one line about what is being tried now.
  using Progress = std::function<void(std::string_view)>;

  Run(boost::asio::io_context& io, Net& net, const Host& host, const Target& target, const Settings& settings,
      Progress progress);

  Net& net;
  const Host& host;
  const Target target;
  const Settings settings;
  const Browsers* browsers = nullptr;  ///< null: browsers' profiles are not looked into

  // Real browsers, where there are any to be run; set before the investigation begins.
  HeadlessBrowsers* headless = nullptr;
  std::vector<OwnProfile> own_profiles;  ///< to be copied, with --with-my-profile
  std::vector<std::string_view> only;    ///< ids of the experiments to run; empty: all of them
  /// Whether running browsers would decide what is still open. Reasoning is not this layer's: whoever starts the run
  /// knows.
  std::function<bool(const Evidence&)> would_tell;
  std::function<void(const Run&)> looked;  ///< called after each observation; may be empty
  LookIntoCaches look_into_caches;  ///< empty: they are not looked into (a demo's resolver is none of this machine's)

  // What later experiments build on. Each is set once, by the experiment named beside it.
  ResolverConfig resolver;                   // machine
  ProxySettings proxy;                       // machine
  std::string proxy_url;                     // machine; with credentials
  std::vector<std::string> proxy_addresses;  // baseline
  std::vector<std::string> addresses;        // names: what this machine resolves the host to
  std::vector<std::string> other_addresses;  // names: what others say, where it differs
  bool disputed = false;                     // names: `addresses` has none of those that the zone gives
  const Observation* baseline = nullptr;     // baseline: the last exchange of the first visit
  bool baseline_works = false;               // baseline
  int redirects = 0;                         // baseline: followed by the first visit
  Target site;                               // baseline: the page after its redirects
  std::vector<std::string> site_addresses;   // baseline: of `site`
  std::map<Duration, bool> visits;           // baseline, refresh, repeat: when each began, whether it worked
  Event addressed;                           // names: `addresses` are known, or known to be none
  Event others_named;                        // names: `other_addresses` are known
  Event visited;                             // baseline: `baseline` is known

  /// Sends it when the gate lets it through; null when the budget is spent, the site asked for rest, or time is up.
  Task<const Observation*> ask(Ask ask);
  /// The same for whoever only wants it noted, as one of several side by side.
  Task<void> send(std::string experiment, Varied varied, HttpRequest request);
  /// A request that does not go to the site (connectivity checks): not counted, not gated.
  Task<const Observation*> ask_elsewhere(Ask ask);
  /// A visit by a real browser, through the same gate: each request that it sends to the site is counted.
  Task<const Observation*> browse(Varied varied, BrowserJob job);
  Task<const Observation*> dns(std::string experiment, Varied varied, DnsQuery query);
  Task<const Observation*> tcp(std::string experiment, Varied varied, std::string address, std::uint16_t port,
                               std::string interface);
  /// Waits for the answer as long as `most`, and no longer than patience().
  Task<const Observation*> lookup(std::string experiment, std::string name, Milliseconds most = Milliseconds::max());
  template <typename T>
  const Observation* note(std::string experiment, T fact) {
    return add(std::move(experiment), {}, elapsed(), {}, std::move(fact));
  }
  void not_tried(std::string experiment, std::string why);

  /// The browser-like request for the target that every experiment varies one thing of.
  [[nodiscard]] HttpRequest page() const;
  /// The same, without a proxy, pinned to these addresses.
  [[nodiscard]] HttpRequest page_at(std::vector<std::string> pinned) const;
  [[nodiscard]] bool works(const Observation* observation) const;
  /// Time left for the whole diagnosis.
  [[nodiscard]] Milliseconds left() const;
  /// What one exchange may take, so that others can still follow it.
  [[nodiscard]] Milliseconds patience() const;
  [[nodiscard]] Duration elapsed() const;
  /// Asked to stop by a 429 or a Retry-After: no further request goes to the site.
  [[nodiscard]] bool told_to_rest() const { return resting_; }
  [[nodiscard]] int new_session() { return ++sessions_; }
  [[nodiscard]] int new_cookie_jar() { return ++jars_; }
  [[nodiscard]] bool repeatable() const;  ///< the method may be sent again (RFC 9110 9.2.1 safe methods)
  [[nodiscard]] const std::deque<Observation>& seen() const { return log_; }
  [[nodiscard]] boost::asio::io_context& io() const { return io_; }

  /// The same while it goes on.
  [[nodiscard]] Evidence so_far() const;
  /// Everything seen, in the order in which it was started. The run is over after this.
  [[nodiscard]] Evidence finish(bool interrupted);

 private:
  const Observation* add(std::string experiment, Varied varied, Duration started, std::string reproduce,
                         decltype(Observation::data) data);
  Task<bool> enter();
  void leave();

  boost::asio::io_context& io_;
  Progress progress_;
  Clock::time_point start_;
  std::string started_at_;
  std::deque<Observation> log_;
  std::deque<Observation> abandoned_;
  std::vector<std::string> not_tried_;
  int sent_ = 0;
  int in_flight_ = 0;
  int sessions_ = 0;
  int jars_ = 0;
  bool resting_ = false;
  Clock::time_point next_slot_;
  boost::asio::steady_timer slot_free_;
};

/// When an experiment is due.
enum class Stage {
  start,      ///< at once
  addressed,  ///< as soon as the site's addresses are known, beside the first visit
  failing,    ///< once the first visit has failed, or takes long
  after,      ///< when all the others are done
};

/// One set of probes that differ in one variable. Members stand in experiments/, a file each; order in experiments.def.
struct Experiment {
  std::string_view id;
  Stage stage;
  std::string_view says;  ///< for the live progress: "asking other resolvers"
  Task<void> (*run)(Run& run);
};
[[nodiscard]] const std::vector<const Experiment*>& experiments();

/// The pages known to work that --connectivity-check names, or those built in; empty for "none".
[[nodiscard]] std::vector<std::string> connectivity_pages(const Settings& settings);

/// All experiments, each when it is due. Ends when there is nothing left to ask.
Task<void> investigate(Run& run);

}  // namespace fix502
