#include "serve/prober.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <charconv>

#include "base/text.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using std::chrono::duration_cast;

constexpr std::string_view kMetrics = "text/plain; version=0.0.4; charset=utf-8";
/// Without a word from the collector; and what is kept for the way back, as blackbox_exporter does.
constexpr Milliseconds kUsual{10'000};
constexpr Milliseconds kOffset{500};
constexpr Milliseconds kLongestUnasked{119'500};
/// A diagnosis of a failure asks the site no more than this, and not again for so long.
constexpr int kMostRequests = 12;
constexpr Milliseconds kLongest{10'000};
constexpr std::chrono::seconds kHolds{300};
constexpr std::size_t kMostKnown = 10'000;
constexpr std::size_t kExplainedAtOnce = 20;

/// How long the collector waits, less the way back; where it does not say, as long as the module needs.
Milliseconds time_for(const Request& request, const ProbeModule& module) {
  const std::string_view text = request.field("x-prometheus-scrape-timeout-seconds");
  double seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || read.ec != std::errc() || !(seconds > 0 && seconds < 3600))
    return std::max(std::min(module.timeout, kLongestUnasked), kUsual - kOffset);
  const Milliseconds all(static_cast<long>(seconds * 1000));
  return all > 2 * kOffset ? all - kOffset : all;
}

/// The one way of failing that a diagnosis explains.
std::string key_of(const ProbeTarget& target, const ProbeModule& module, const Probed& probed) {
  return fmt::format("{}\n{}\n{}\n{}\n{}", module.name, target.page.url, probed.failing_url,
                     static_cast<int>(probed.failure), probed.last && probed.last->status ? *probed.last->status : 0);
}

/// A diagnosis visits the page as a browser does. It has nothing to say of an answer that is good but for the module's
/// own conditions, and would ask another site than one that a Host field or a certificate's name leads to.
bool can_explain(const ProbeTarget& target, const ProbeModule& module, const Probed& probed) {
  if (!target.http || (probed.last && is_refusal(*probed.last))) return false;
  if (!target.host.empty() || !module.server_name.empty()) return false;
  const bool good = probed.failure == Failure::none && probed.last && probed.last->status.value_or(0) < 400;
  return !good && (probed.last || probed.unmet.empty());
}

/// As the module asks, where that makes a difference to whether the page works.
Settings as_module_asks(Settings settings, const ProbeModule& module) {
  for (const auto& field : module.headers) {
    settings.headers.push_back(field);
    if (equals_ignoring_case(field.first, "cookie")) settings.cookies_given = true;
  }
  if (const auto who = module.authorization.value(); who && !who->empty())
    settings.headers.emplace_back("Authorization", *who);
  for (const int status : module.statuses) settings.expect_status.ranges.push_back({status, status});
  if (module.protocol != ProbeModule::Protocol::any && !module.fallback)
    settings.family = module.protocol == ProbeModule::Protocol::ip4 ? 4 : 6;
  return settings;
}

ProbeVerdict verdict_in(const Report& report) {
  const auto& finding = report.verdict.finding;
  if (!finding) return {std::string(to_word(report.verdict.outcome)), "", "", ""};
  const FaultInfo* info = find_fault(finding->fault);
  return {finding->fault, info == nullptr ? "" : std::string(to_word(info->hop)), std::string(to_word(finding->side)),
          finding->cause};
}

}  // namespace

void write_verdict(MetricsText& text, const ProbeVerdict& verdict) {
  text.family("fix502_verdict_info", "gauge", "Why the probe fails, by a diagnosis of it; 1.");
  text.sample({{"fault", verdict.fault}, {"hop", verdict.hop}, {"side", verdict.side}, {"cause", verdict.cause}}, 1);
}

Prober::Prober(asio::io_context& loop, const ServeWorld& world, const AllowedTargets& allowed, Settings settings)
    : loop_(loop),
      world_(world),
      allowed_(allowed),
      settings_(std::move(settings)),
      real_(world.net()),
      net_(*real_, allowed),
      observer_(loop, *real_, connectivity_pages(settings_)) {
  settings_.max_requests = std::min(settings_.max_requests, kMostRequests);
  settings_.timeout = std::min(settings_.timeout, kLongest);
}

Task<Reply> Prober::probe_reply(const Request& request) {
  if (request.asked("target").empty()) co_return problem_reply(Refusal::bad_request, "Target parameter is missing");
  const ProbeModule* module = world_.modules.find(request.asked("module"));
  if (const auto why = world_.modules.why_left_out(request.asked("module")); !why.empty())
    co_return problem_reply(Refusal::bad_request, fmt::format("Module \"{}\" cannot be used: {}",
                                                              printable(request.asked("module"), 60), why));
  if (module == nullptr)
    co_return problem_reply(Refusal::bad_request,
                            fmt::format("Unknown module \"{}\"", printable(request.asked("module"), 60)));
  auto target = parse_probe_target(request.asked("target"), *module, request.asked("hostname"));
  if (!target) co_return problem_reply(Refusal::bad_address, target.error().message());
  if (target->page.host_is_address && !allowed_.allows(target->page.host))
    co_return problem_reply(Refusal::not_allowed, "this server may not connect to that address");
  const Milliseconds time = time_for(request, *module);
  const auto deadline = Clock::now() + time;
  // The module's limit is the probe's; why it failed is said as long as the collector waits.
  const bool limited = module->timeout > Milliseconds(0) && module->timeout < time;
  ProbeAnswer answer = co_await probe(net_, *target, *module, limited ? module->timeout : time);
  Count& count = counts_[module->name];
  ++(answer.main.success ? count.good : count.bad);
  MetricsText text;
  write_probed(text, answer.main);
  write_families(text, answer.families);
  if (!answer.main.success && can_explain(*target, *module, answer.main)) {
    const ProbeVerdict* verdict = co_await verdict_of(*target, *module, answer.main, deadline);
    if (verdict != nullptr) write_verdict(text, *verdict);
  }
  if (!answer.main.success) {
    const auto left = duration_cast<Milliseconds>(deadline - Clock::now());
    const auto works = co_await observer_.works(std::max(left, Milliseconds(1)));
    if (works)
      text.gauge("fix502_observer_success", "Whether this machine's own network works: a page known to work answers.",
                 *works ? 1 : 0);
  }
  Reply reply;
  reply.type = kMetrics;
  reply.body = text.take();
  co_return reply;
}

Task<const ProbeVerdict*> Prober::verdict_of(const ProbeTarget& target, const ProbeModule& module, const Probed& probed,
                                             Clock::time_point deadline) {
  const std::string key = key_of(target, module, probed);
  auto found = known_.find(key);
  if (found == known_.end() || Clock::now() - found->second.when > kHolds) {
    if (explaining_ >= kExplainedAtOnce) co_return nullptr;
    forget_old();
    found = known_.insert_or_assign(key, Known{Clock::now(), std::make_unique<Event>(loop_)}).first;
    ++explaining_;
    asio::co_spawn(loop_, explain(target.page, as_module_asks(settings_, module), key, *found->second.stopper),
                   [this](const std::exception_ptr&) { --explaining_; });
  }
  if (!found->second.found->fired()) {
    const auto left = duration_cast<Milliseconds>(deadline - Clock::now());
    co_await found->second.found->wait_for(std::max(left, Milliseconds(1)));
    found = known_.find(key);
  }
  co_return found == known_.end() || !found->second.found->fired() ? nullptr : &found->second.verdict;
}

void Prober::stop() {
  observer_.stop();
  for (auto& [key, known] : known_) known.stopper->stop();
}

Task<void> Prober::explain(Target page, Settings settings, std::string key, Stopper& stopper) {
  const auto real = world_.net();
  GuardedNet net(*real, allowed_);
  Assignment assignment{std::move(page), std::move(settings), {}};
  assignment.stopper = &stopper;
  Evidence evidence = co_await observe_beside(loop_, net, world_.host, std::move(assignment));
  const auto known = known_.find(key);
  if (known == known_.end()) co_return;
  known->second.verdict = verdict_in(make_report(std::move(evidence)));
  known->second.found->fire();
}

void Prober::forget_old() {
  if (known_.size() < kMostKnown) return;
  // Not those that somebody may still be waiting for.
  std::erase_if(known_, [now = Clock::now()](const auto& one) {
    return one.second.found->fired() && now - one.second.when > 2 * kLongest;
  });
}

Task<Reply> Prober::metrics_reply(ServerFigures figures) {
  const auto works = co_await observer_.works(Milliseconds(2'000));
  MetricsText text;
  text.family("fix502_build_info", "gauge", "The version that runs; 1.");
  text.sample({{"version", FIX502_VERSION}}, 1);
  if (works) {
    text.gauge("fix502_observer_success", "Whether this machine's own network works: a page known to work answers.",
               *works ? 1 : 0);
    text.gauge("fix502_observer_age_seconds", "How long ago that was looked at.", observer_.age_seconds().value_or(0));
  }
  text.family("fix502_probes_total", "counter", "Probes made.");
  for (const auto& [module, count] : counts_) {
    text.sample({{"module", module}, {"success", "1"}}, static_cast<double>(count.good));
    text.sample({{"module", module}, {"success", "0"}}, static_cast<double>(count.bad));
  }
  text.gauge("fix502_diagnoses_running", "Diagnoses under way.", static_cast<double>(figures.diagnoses));
  text.family("fix502_diagnoses_total", "counter", "Diagnoses begun.");
  text.sample(static_cast<double>(figures.diagnoses_begun));
  text.gauge("fix502_watches", "Pages that are watched.", static_cast<double>(figures.watches));
  text.gauge("fix502_http_connections", "Connections that are open.", static_cast<double>(figures.connections));
  text.family("fix502_http_requests_total", "counter", "Requests read.");
  text.sample(static_cast<double>(figures.requests));
  text.family("fix502_http_unreadable_total", "counter", "Requests that could not be read.");
  text.sample(static_cast<double>(figures.refused));
  text.family("fix502_http_evicted_total", "counter", "Idle connections closed to make room.");
  text.sample(static_cast<double>(figures.made_room));
  write_process(text);
  Reply reply;
  reply.type = kMetrics;
  reply.body = text.take();
  co_return reply;
}

}  // namespace fix502
