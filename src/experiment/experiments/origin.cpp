// The origin behind the CDN, asked as the CDN should ask it (--origin): edge and origin side by side. Where they
// differ, a few more questions, each with one thing changed, tell which setting of the CDN would make them differ so.

#include <charconv>

#include "base/text.hpp"
#include "edge/sides.hpp"
#include "experiment/run.hpp"

namespace fix502 {
namespace {

/// The request for that page to the origin, as a CDN in good order sends it.
HttpRequest request_for(const Run& run, const std::string& url, std::vector<std::string> pinned) {
  HttpRequest request = run.page_at(std::move(pinned));
  request.url = url;
  request.connect_port = run.settings.origin->port;
  // Origins behind a CDN often have a certificate for the CDN's eyes only; what is wrong with it is noted all the same.
  request.verify_certificate = false;
  return request;
}

HttpRequest over_plain(HttpRequest request) {
  request.url = "http://" + request.url.substr(8);
  // What a CDN that speaks plain HTTP to the origin meets.
  if (request.connect_port == 0 || request.connect_port == 443) request.connect_port = 80;
  return request;
}

HttpRequest with(HttpRequest request, const EdgeContrast& contrast) {
  if (contrast.variable == "sni") {
    request.sni = contrast.value == "none" ? "-" : contrast.value;
  } else if (contrast.variable == "host") {
    std::erase_if(request.headers, [](const auto& field) { return equals_ignoring_case(field.first, "Host"); });
    request.headers.emplace_back("Host", contrast.value);
    leave_out_secrets(request);
  } else if (contrast.variable == "port") {
    std::from_chars(contrast.value.data(), contrast.value.data() + contrast.value.size(), request.connect_port);
  }
  return request;
}

const Observation* origin_answer(const Run& run, std::string_view url) {
  for (const auto& seen : run.seen()) {
    const auto* http = seen.as<HttpExchange>();
    if (seen.experiment == "origin" && http != nullptr && http->url == url) return &seen;
  }
  return nullptr;
}

Task<std::vector<std::string>> addresses_of_origin(Run& run) {
  const std::string& host = run.settings.origin->host;
  if (is_ipv4(host) || is_ipv6(host)) co_return std::vector<std::string>{host};
  const Observation* found = co_await run.lookup("origin", host);
  co_return found->as<SystemLookup>()->addresses;
}

Task<void> ask_the_same(Run& run, const std::string& name, const std::vector<std::string>& pinned) {
  HttpRequest same = request_for(run, run.target.url, pinned);
  std::vector<Task<void>> tasks;
  if (run.target.scheme == "https")
    tasks.push_back(run.send("origin", {{"origin", name}, {"scheme", "http"}}, over_plain(same)));
  tasks.push_back(run.send("origin", {{"origin", name}}, std::move(same)));
  co_await all(std::move(tasks));
}

/// Redirects led to another page, and that one fails, or they end nowhere: it is the one to compare.
Task<void> ask_further(Run& run, const std::string& name, const std::vector<std::string>& pinned) {
  if (run.site.url == run.target.url || run.baseline_works) co_return;
  HttpRequest further = request_for(run, run.site.url, pinned);
  if (run.site.host != run.target.host) leave_out_secrets(further);
  std::vector<Task<void>> tasks;
  if (run.site.scheme == "https" && run.target.scheme != "https")
    tasks.push_back(run.send("origin", {{"origin", name}, {"scheme", "http"}}, over_plain(further)));
  tasks.push_back(run.send("origin", {{"origin", name}, {"url", run.site.url}}, std::move(further)));
  co_await all(std::move(tasks));
}

Task<void> tell_apart(Run& run, const std::string& name, const std::vector<std::string>& pinned) {
  const std::string& url = run.site.url;
  EdgeSides sides{.page = run.site,
                  .origin = *run.settings.origin,
                  .expected = run.settings.expect_status,
                  .edge_failed = !run.baseline_works,
                  .edge = run.baseline,
                  .direct = origin_answer(run, url)};
  std::vector<Task<void>> tasks;
  for (const EdgeContrast& contrast : contrasts_worth_asking(sides)) {
    HttpRequest request = request_for(run, url, pinned);
    if (run.site.host != run.target.host) leave_out_secrets(request);
    Varied varied{{"origin", name}, {contrast.variable, contrast.value}};
    tasks.push_back(run.send("origin", std::move(varied), with(std::move(request), contrast)));
  }
  co_await all(std::move(tasks));
}

Task<void> origins(Run& run) {
  if (!run.settings.origin || !run.repeatable()) co_return;
  const std::vector<std::string> pinned = co_await addresses_of_origin(run);
  if (pinned.empty()) co_return;
  const std::string name = to_text(*run.settings.origin);
  co_await ask_the_same(run, name, pinned);
  co_await run.visited.wait();
  if (run.baseline == nullptr) co_return;
  co_await ask_further(run, name, pinned);
  co_await tell_apart(run, name, pinned);
}

}  // namespace

extern const Experiment origin_experiment{"origin", Stage::addressed, "asking the origin", origins};

}  // namespace fix502
