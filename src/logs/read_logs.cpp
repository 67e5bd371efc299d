#include "logs/read_logs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "logs/bytes.hpp"

namespace fix502 {
namespace {

using std::chrono::seconds;

// The access line follows the last try; a retry after a timeout may take that long.
constexpr seconds kAnswerWithin{75};
constexpr std::uint64_t kMostLookedThrough = 64UL << 20;

std::string_view path_only(std::string_view url) {
  return url.substr(0, url.find_first_of("?#"));
}

std::string described(const LogSeries& series) {
  const std::string name = std::filesystem::path(series.files.front().path).filename().string();
  return fmt::format("{}: {} {}{}{}", name, series.gateway.empty() ? "unnamed" : series.gateway,
                     series.role == Role::access ? "access log" : "error log",
                     series.files.size() > 1 ? fmt::format(", {} files", series.files.size()) : "",
                     series.format.empty() ? "" : ", " + series.format);
}

/// nullopt: that file does not hold the request.
std::optional<bool> answered_in(const LogFile& file, const LogSeries& series, const LoggedFailure& failure,
                                const Zone& zone) {
  auto bytes = open_bytes(file.path, offset_of(file, failure.at, series, zone));
  if (!bytes) return std::nullopt;
  LineBlocks blocks(std::move(*bytes));
  std::string block;
  std::optional<bool> found;
  while (blocks.consumed() < kMostLookedThrough) {
    const auto more = blocks.next(block, 256UL * 1024);
    if (!more || !*more) return found;
    std::string_view rest = block;
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      const bool same_client = line.find(failure.client) != line.npos;
      if (!same_client && rest.size() > 4096) continue;  // now and then the time is looked at
      LineContext context{.clock = {zone, file.changed}, .layouts = {}, .gateway = series.gateway};
      if (series.layout) context.layouts.push_back(series.layout.get());
      Arena arena;
      Record record;
      if (read_line(line, context, arena, record) != Reading::known || record.role != Role::access) continue;
      if (record.at > failure.at + kAnswerWithin) return found;
      if (record.at + seconds(1) < failure.at || record.client != failure.client ||
          path_only(record.url) != failure.url)
        continue;
      if (record.status > 0 && record.status < 500) return true;
      found = false;
    }
  }
  return found;
}

}  // namespace

void expect_logs(Joiner& joiner, const LogPlan& plan) {
  std::map<std::string, Joiner::Logs> by_gateway;
  for (const LogSeries& series : plan.series) {
    Joiner::Logs& logs = by_gateway[series.gateway];
    logs.access = logs.access || series.role == Role::access || series.mixed;
    logs.error = logs.error || series.role == Role::error || series.mixed;
  }
  for (const auto& [gateway, logs] : by_gateway) joiner.expect(gateway, logs);
}

std::optional<bool> was_answered(const LoggedFailure& failure, const LogPlan& plan, const Zone& zone) {
  if (failure.client.empty() || failure.url.empty()) return std::nullopt;
  std::optional<bool> answered;
  for (const LogSeries& series : plan.series) {
    if (series.role != Role::access || series.gateway != failure.gateway) continue;
    for (const LogFile& file : series.files) {
      if (!file.plain || file.changed + seconds(2) < failure.at) continue;
      const auto one = answered_in(file, series, failure, zone);
      if (one && *one) return true;
      if (one) answered = one;
    }
  }
  return answered;
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
  for (Incident& incident : report.incidents)
    incident.requests = scan.traffic().between(incident.upstream, incident.first_seen, incident.last_seen);
  report.files = scan.files();
  report.stats = scan.stats();
  for (const LogSeries& series : plan.series) {
    ++(series.role == Role::access ? report.access_logs : report.error_logs);
    report.formats.push_back(described(series));
  }
  return report;
}

}  // namespace fix502
