#include "cli/gateway_edge.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "base/text.hpp"
#include "net/real_net.hpp"
#include "pipeline/observe.hpp"
#include "sys/host.hpp"

namespace fix502 {
namespace {

constexpr std::chrono::milliseconds kLongest{15'000};
/// A visit with its redirects, the origin over TLS and plain HTTP, one round the cache, and the contrasts.
constexpr int kMostRequests = 16;

Settings settings_for(const GatewayQuestion& question, const Endpoint& origin) {
  Settings settings;
  settings.origin = origin;
  settings.timeout = std::min(question.timeout, kLongest);
  settings.max_requests = kMostRequests;
  settings.no_proxy = true;
  settings.authoritative = false;
  settings.compare_resolvers = {"none"};
  settings.connectivity_checks = {"none"};
  settings.browser_cache = false;
  settings.browsers = BrowserUse::never;
  for (const auto& header : question.headers) {
    if (equals_ignoring_case(header.name, "Cookie")) {
      settings.cookie = header.value;
      settings.cookies_given = true;
    } else {
      settings.headers.emplace_back(header.name, header.value);
    }
  }
  return settings;
}

}  // namespace

Result<std::optional<Endpoint>> origin_option(const std::string& text, const GatewayQuestion& question) {
  if (text.empty()) return std::optional<Endpoint>();
  if (!question.target) return fail("--origin compares one page: name its URL");
  auto origin = parse_endpoint(text);
  if (!origin) return fail("--origin: " + origin.error().what, origin.error().where);
  return std::optional<Endpoint>(std::move(*origin));
}

std::optional<Report> ask_edge_and_origin(const GatewayQuestion& question, const std::optional<Endpoint>& origin) {
  if (!origin || !question.target) return std::nullopt;
  if (question.progress) question.progress("comparing the CDN's edge with this machine");
  boost::asio::io_context loop;
  const auto net = real_net(loop);
  const auto host = this_host();
  Assignment assignment;
  assignment.target = *question.target;
  assignment.settings = settings_for(question, *origin);
  assignment.only = {"names", "baseline", "origin", "cache"};
  return make_report(observe(loop, *net, *host, std::move(assignment)));
}

void add_edge(GatewayReport& report, const Report& edge) {
  report.comparison = edge.comparison;
  report.edge_observations = edge.evidence.observations;
  report.requests_sent += edge.evidence.requests_sent;
  report.interrupted = report.interrupted || edge.evidence.interrupted;
  const auto& finding = edge.verdict.finding;
  if (!edge.comparison)
    report.notes.push_back("edge and origin could not be compared: one of them was not reached");
  else if (edge.comparison->cdn.empty())
    report.notes.push_back("no CDN is recognised in front of the site; its name may lead to this machine itself here");
  if (report.verdict.outcome != Outcome::fault && finding && finding->fault.starts_with("cdn."))
    report.verdict = edge.verdict;
}

}  // namespace fix502
