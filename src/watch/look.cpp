#include "watch/look.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "net/real_net.hpp"
#include "pipeline/observe.hpp"
#include "signature/signature.hpp"

namespace fix502 {
namespace {

/// Of the demos, a look of two requests names the fault of three in four.
constexpr double kQuickConfidence = 0.75;

/// Faults that a HEAD's status and header fields do not show.
constexpr std::array<std::string_view, 7> kInTheBody = {
    "origin.truncated", "network.captive-portal", "network.filtering",    "gateway.not-http",
    "gateway.blocked",  "browser.client-profile", "browser.cached-error",
};
/// Faults that end with the record that a resolver keeps.
constexpr std::array<std::string_view, 4> kInARecord = {"dns.stale-record", "dns.wrong-answer", "dns.nxdomain",
                                                        "dns.no-address"};

/// "2026-11-22T10:00:00.123Z", as Evidence has it. A recorded run's may be anything.
WallTime parse_time(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) != 6)
    return {};
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return {};
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

/// The shortest life of what the system's resolvers say, or of their "there is nothing" (RFC 2308 5: the SOA's).
std::optional<Wait> record_left(const Evidence& evidence) {
  std::optional<Wait> left;
  for (const auto& observation : evidence.observations) {
    const auto* dns = observation.as<DnsExchange>();
    if (dns == nullptr || dns->role != DnsRole::system || dns->failure != Failure::none) continue;
    const auto age = std::chrono::duration_cast<Wait>(evidence.duration - observation.started - observation.duration);
    for (const auto* records : {&dns->answer, &dns->authority})
      for (const auto& record : *records) {
        if (records == &dns->authority && (record.type != "SOA" || !dns->answer.empty())) continue;
        const Wait lives = std::chrono::seconds(record.ttl) - age;
        left = std::min(left.value_or(lives), lives);
      }
  }
  return left;
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& faults, std::string_view fault) {
  return std::ranges::find(faults, fault) != faults.end();
}

}  // namespace

PastRun past_run(const Report& report) {
  const Evidence& evidence = report.evidence;
  PastRun run;
  run.url = url_for_history(evidence.target);
  run.started = parse_time(evidence.started_at);
  run.duration = std::chrono::duration_cast<std::chrono::milliseconds>(evidence.duration);
  run.outcome = to_word(report.verdict.outcome);
  run.confidence = report.verdict.confidence;
  run.cause.summary = text_for_history(report.verdict.summary, evidence.target);
  if (const auto& finding = report.verdict.finding) {
    run.cause.fault = finding->fault;
    run.cause.side = to_word(finding->side);
    if (const FaultInfo* info = find_fault(finding->fault)) run.cause.hop = to_word(info->hop);
  }
  return run;
}

Look read_look(const Report& report, Depth depth) {
  Look look;
  look.run = past_run(report);
  look.works = report.verdict.outcome == Outcome::healthy;
  look.requests = report.evidence.requests_sent;
  for (const auto& observation : report.evidence.observations)
    if (const auto* http = observation.as<HttpExchange>(); http != nullptr && observation.experiment == "baseline") {
      look.what = outcome(observation) + (http->address.empty() ? "" : " from " + http->address);
      look.status = http->status;
      if (const auto rest = retry_after(*http); rest && !look.works) look.rest = std::chrono::seconds(*rest);
    }
  look.in_the_body = is_one_of(kInTheBody, look.run.cause.fault);
  if (depth == Depth::quick) {
    look.run.cause.hop.clear();
    look.run.cause.side.clear();
    look.run.confidence = std::min(look.run.confidence, kQuickConfidence);
  }
  if (is_one_of(kInARecord, look.run.cause.fault)) look.record_left = record_left(report.evidence);
  return look;
}

Task<Look> look_at(boost::asio::io_context& loop, Net& net, const Host& host, Target target, Settings settings,
                   Depth depth) {
  if (depth == Depth::quick) settings.max_requests = std::min(settings.max_requests, kQuickLook);
  Assignment assignment{std::move(target), std::move(settings), {}};
  Evidence evidence = co_await observe_beside(loop, net, host, std::move(assignment));
  co_return read_look(make_report(std::move(evidence)), depth);
}

Task<Look> look_at(boost::asio::io_context& loop, const Host& host, Target target, Settings settings, Depth depth) {
  const auto net = real_net(loop);
  co_return co_await look_at(loop, *net, host, std::move(target), std::move(settings), depth);
}

}  // namespace fix502
