#include "logs/summarize.hpp"

#include <algorithm>
#include <atomic>
#include <map>

#include "base/text.hpp"
#include "logs/scan.hpp"
#include "logs/zone.hpp"

namespace fix502 {
namespace {

struct Gathered {
  LogFinding finding;
  Tally urls;
  Tally tried{16};
  Tally statuses{8};
};

bool is_about(const LoggedFailure& failure, const LogSources& sources) {
  // A line that names no host or upstream may be about any.
  if (!sources.server.empty() && !failure.host.empty() && !equals_ignoring_case(failure.host, sources.server))
    return false;
  if (sources.upstreams.empty() || failure.upstream.empty() || failure.application || failure.secondary) return true;
  return std::ranges::any_of(sources.upstreams, [&](const std::string& upstream) {
    return failure.upstream == upstream || lists(failure.tried, upstream) ||
           failure.upstream.starts_with(upstream + "/");
  });
}

std::string key_of(const LoggedFailure& failure) {
  std::string key = failure.gateway + '\n' + failure.fault + '\n' + failure.cause + '\n' + failure.upstream + '\n';
  key += {failure.secondary ? 's' : '-', failure.retried || failure.unmatched ? 'r' : '-',
          failure.application ? 'a' : '-', failure.mark ? 'm' : '-'};
  return key.append(failure.made_by);
}

void add(std::map<std::string, Gathered>& all, LoggedFailure&& failure, const std::vector<std::string>& files) {
  constexpr std::size_t kMost = 5'000;
  const std::string key = key_of(failure);
  const auto [at, is_new] = all.size() < kMost ? all.try_emplace(key) : std::pair{all.find(key), false};
  if (at == all.end()) return;
  auto& [finding, urls, tried, statuses] = at->second;
  if (is_new) {
    finding.fault = failure.fault;
    finding.cause = failure.cause;
    finding.gateway = failure.gateway;
    finding.upstream = failure.upstream;
    finding.first_seen = failure.at;
    finding.sample = std::move(failure.sample);
    finding.file = files.at(failure.file);
    finding.secondary = failure.secondary;
    finding.retried = failure.retried || failure.unmatched;
    finding.application = failure.application;
    finding.health_check = failure.mark;
    finding.sureness = to_word(failure.sureness);
    finding.made_by = failure.made_by;
  }
  ++finding.count;
  finding.first_seen = std::min(finding.first_seen, failure.at);
  finding.last_seen = std::max(finding.last_seen, failure.at);
  urls.add(failure.url);
  for (const std::string& upstream : failure.tried) tried.add(upstream);
  if (failure.status > 0) statuses.add(std::to_string(failure.status));
}

}  // namespace

LogSummary summarize_logs(const LogSources& sources, WallTime now) {
  const LocalZone zone;
  PlanOptions options;
  options.gateway = sources.gateway;
  if (!sources.access_format.empty())
    (sources.gateway == "apache" ? options.apache_formats : options.nginx_formats).push_back(sources.access_format);
  std::vector<std::string> paths = sources.error_logs;
  paths.insert(paths.end(), sources.access_logs.begin(), sources.access_logs.end());
  paths.insert(paths.end(), sources.upstream_logs.begin(), sources.upstream_logs.end());
  const LogPlan plan = plan_logs(paths, options, zone);

  ScanOptions reading;
  reading.since = sources.since;
  Scan scan(plan, reading, zone);
  std::map<std::string, Gathered> all;
  Joiner joiner([&](LoggedFailure&& failure) {
    if (!failure.change && !failure.fault.empty() && is_about(failure, sources))
      add(all, std::move(failure), scan.files());
  });
  joiner.expect(sources.gateway, {.access = !sources.access_logs.empty(), .error = !sources.error_logs.empty()});
  const std::atomic<bool> stop = false;
  scan.run([&](const Record& record) { joiner.take(record); }, {}, stop, now);
  joiner.finish();

  LogSummary summary{.findings = {}, .problems = scan.stats().problems};
  for (auto& [key, gathered] : all) {
    for (const auto& [url, count] : gathered.urls.top(5)) gathered.finding.urls.push_back(url);
    for (const auto& [upstream, count] : gathered.tried.top(16)) gathered.finding.tried.push_back(upstream);
    if (const auto top = gathered.statuses.top(1); !top.empty()) gathered.finding.status = std::stoi(top[0].first);
    summary.findings.push_back(std::move(gathered.finding));
  }
  std::ranges::stable_sort(summary.findings, [](const LogFinding& a, const LogFinding& b) {
    return a.count != b.count ? a.count > b.count : a.secondary < b.secondary;
  });
  return summary;
}

}  // namespace fix502
