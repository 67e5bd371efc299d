#include "inspect/log_signs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "logs/summarize.hpp"
#include "sys/host.hpp"

namespace fix502 {
namespace {

LogSign sign_of(const LogFinding& finding) {
  LogSign sign;
  sign.fault = finding.fault;
  sign.cause = finding.cause;
  sign.upstream = finding.upstream;
  sign.count = finding.count;
  sign.first_seen = finding.first_seen;
  sign.last_seen = finding.last_seen;
  sign.sample = printable(finding.sample, 600);
  sign.file = finding.file;
  sign.secondary = finding.secondary;
  sign.urls = finding.urls;
  return sign;
}

/// Lines that say the same count together, whether or not an access log has their request.
void add_sign(std::vector<LogSign>& signs, LogSign more) {
  const auto same = std::ranges::find_if(signs, [&](const LogSign& sign) {
    return sign.fault == more.fault && sign.cause == more.cause && sign.upstream == more.upstream &&
           sign.file == more.file && sign.secondary == more.secondary;
  });
  if (same == signs.end()) {
    signs.push_back(std::move(more));
    return;
  }
  same->count += more.count;
  same->first_seen = std::min(same->first_seen, more.first_seen);
  same->last_seen = std::max(same->last_seen, more.last_seen);
  for (auto& url : more.urls)
    if (!lists(same->urls, url)) same->urls.push_back(std::move(url));
}

/// The logs that were named count alone; else those that the configuration names, the nearest first.
LogSources sources_of(const GatewayQuestion& question, const FoundGateway& gateway, const GatewayEvidence& way,
                      std::vector<std::string>& notes) {
  LogSources sources;
  sources.gateway = gateway.kind->id;
  sources.error_logs = question.error_logs;
  sources.access_logs = question.access_logs;
  sources.upstream_logs = question.upstream_logs;
  sources.since = question.since;
  const auto places = gateway.configuration->logs(way.route);
  for (const auto& place : places) {
    const bool error = place.kind == LogPlace::Kind::error;
    if (place.path.empty()) {
      if (error && question.error_logs.empty() && place.where != "off")
        notes.push_back(
            fmt::format("{} logs its errors to {}; name a file with --error-log", gateway.kind->title, place.where));
      continue;
    }
    auto& files = error ? sources.error_logs : sources.access_logs;
    const bool named = error ? !question.error_logs.empty() : !question.access_logs.empty();
    if (!error && sources.access_format.empty()) sources.access_format = place.format;
    if (!named && !lists(files, gateway.root + place.path)) files.push_back(gateway.root + place.path);
  }
  sources.server = way.incoming.host;
  // Log lines have a name's address, perhaps one that it has left: they are known by the virtual host alone.
  if (std::ranges::any_of(way.route.servers, &UpstreamServer::is_name)) return sources;
  for (const auto& server : way.route.servers) {
    sources.upstreams.push_back(server.endpoint());
    if (!server.name.empty() && server.name != server.endpoint()) sources.upstreams.push_back(server.name);
  }
  if (!way.route.upstream.empty()) sources.upstreams.push_back(way.route.upstream);
  return sources;
}

}  // namespace

std::vector<LogSign> log_signs(const GatewayQuestion& question, const FoundGateway& gateway, const GatewayEvidence& way,
                               std::vector<std::string>& notes) {
  const LogSources sources = sources_of(question, gateway, way, notes);
  if (sources.error_logs.empty() && sources.access_logs.empty() && sources.upstream_logs.empty()) return {};
  const LogSummary summary = summarize_logs(sources, this_host()->now());
  for (const auto& problem : summary.problems) notes.push_back(problem.message());
  std::vector<LogSign> signs;
  for (const auto& finding : summary.findings) {
    // What the upstream said by itself is no failure of the way to it, and what another upstream made up for is none of
    // the visitor's.
    if (finding.fault.empty() || finding.made_by == "upstream") continue;
    add_sign(signs, sign_of(finding));
  }
  return signs;
}

std::string better_format(const GatewayKind& kind, const std::vector<LogPlace>& logs) {
  if (kind.log_field.empty()) return {};
  for (const auto& log : logs) {
    if (log.kind != LogPlace::Kind::access || log.path.empty()) continue;
    if (log.format.contains(kind.log_field)) return {};
    return fmt::format(
        "whether {} or the application made an error, in {}: its format does not say. This one does, behind the file's "
        "name in access_log: {}",
        kind.title, printable(log.path, 200), kind.log_format);
  }
  return {};
}

}  // namespace fix502
