#include "logs/read_logs.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "logs/look_back.hpp"

namespace fix502 {
namespace {

// How many incidents, of the greatest damage, are worth a second look into the logs: each may take a tenth of a second.
constexpr std::size_t kLookedBack = 8;

std::string described(const LogSeries& series) {
  const std::string name = std::filesystem::path(series.files.front().path).filename().string();
  return fmt::format("{}: {} {}{}{}", name, series.gateway.empty() ? "unnamed" : series.gateway,
                     series.role == Role::access ? "access log" : "error log",
                     series.files.size() > 1 ? fmt::format(", {} files", series.files.size()) : "",
                     series.format.empty() ? "" : ", " + series.format);
}

}  // namespace

void expect_logs(Joiner& joiner, const LogPlan& plan) {
  std::map<std::string, Joiner::Logs> by_gateway;
  for (const LogSeries& series : plan.series) {
    Joiner::Logs& logs = by_gateway[series.gateway];
    logs.access = logs.access || series.role == Role::access || series.mixed;
    logs.error = logs.error || series.errors;
  }
  for (const auto& [gateway, logs] : by_gateway) joiner.expect(gateway, logs);
}

LogReport read_logs(const LogOrder& order, const LogPlan& plan, const Zone& zone, WallTime now,
                    const std::atomic<bool>& stop, const LogWatchers& watchers) {
  Scan scan(plan, order.scan, zone);
  Incidents incidents(order.gap);
  if (watchers.failure)
    incidents.watcher = [&](const LoggedFailure& failure) { watchers.failure(failure, scan.files()); };
  Joiner joiner([&](LoggedFailure&& failure) { incidents.take(std::move(failure)); });
  expect_logs(joiner, plan);
  scan.run([&](const Record& record) { joiner.take(record); }, watchers.progress, stop, now);
  joiner.finish();

  LogReport report;
  report.interrupted = stop;
  report.incidents = incidents.finish([&](const LoggedFailure& failure) { return was_answered(failure, plan, zone); });
  std::size_t looked_back = 0;
  for (Incident& incident : report.incidents) {
    if (incident.began_with.empty() && looked_back++ < kLookedBack) incident.slow = slow_before(incident, plan, zone);
    incident.requests = scan.traffic().between(incident.upstream, incident.first_seen, incident.last_seen);
  }
  report.files = scan.files();
  report.stats = scan.stats();
  report.understood = plan.series.empty();
  for (const LogSeries& series : plan.series) {
    report.understood = report.understood || series.unrecognised.empty();
    if (!series.unrecognised.empty())
      report.stats.problems.push_back(
          {fmt::format("of no known format, most of its lines are like \"{}\"", series.unrecognised),
           series.files.front().path});
    ++(series.role == Role::access ? report.access_logs : report.error_logs);
    report.formats.push_back(described(series));
  }
  return report;
}

}  // namespace fix502
