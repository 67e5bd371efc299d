#include "fault/rule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fix502 {

namespace {

/// HTTP/2 hides what some gateways say: HAProxy ends the stream instead of answering 502, Apache words it otherwise
/// (seen). The same page over HTTP/1.1 then tells more.
const HttpExchange* plainer_word(const Picture& picture, const HttpExchange& error) {
  const bool hidden =
      error.failure == Failure::http2_error || (error.http_version == "2" && error.status && *error.status >= 500);
  if (!hidden) return nullptr;
  for (const Observation* seen : picture.of("client")) {
    const auto* http = seen->as<HttpExchange>();
    const bool says = http->url == error.url && http->status && *http->status >= 500 && http->failure == Failure::none;
    if (says && http->http_version.starts_with("1") && http->status != error.status) return http;
  }
  return nullptr;
}

}  // namespace

const HttpExchange* steady_error(const Picture& picture) {
  if (!picture.site.none_works()) return nullptr;
  const HttpExchange* error = picture.site.first_failing()->http;
  const HttpExchange* plainer = plainer_word(picture, *error);
  return plainer != nullptr ? plainer : error;
}

bool has_status(const HttpExchange* http, std::initializer_list<int> statuses) {
  return http != nullptr && http->status && std::ranges::find(statuses, *http->status) != statuses.end();
}

Finding about_error(const Picture& picture, Certainty certainty, std::string summary) {
  Finding finding;
  finding.certainty = certainty;
  finding.summary = std::move(summary);
  finding.cites = picture.site.cites();
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr && picture.site_error() != nullptr) error = picture.site_error()->http;
  if (error != nullptr) {
    finding.cause = status_cause(*error);
    finding.nel = nel_of(*error);
    for (const auto& seen : picture.seen.observations)
      if (seen.as<HttpExchange>() == error && std::ranges::find(finding.cites, seen.id) == finding.cites.end())
        finding.cites.push_back(seen.id);
  }
  return finding;
}

std::string status_cause(const HttpExchange& http) {
  if (auto cause = cause_of(http); !cause.empty()) return cause;
  if (has_status(&http, {504, 524})) return "http_response_timeout";
  if (has_status(&http, {503})) return "destination_unavailable";
  return {};
}

std::string span_of(long seconds) {
  if (seconds < 90) return fmt::format("{} s", seconds);
  if (seconds < 90 * 60) return fmt::format("{} min", (seconds + 30) / 60);
  return fmt::format("{} h", (seconds + 1800) / 3600);
}

}  // namespace fix502
