#include "fault/rule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fix502 {

const HttpExchange* steady_error(const Picture& picture) {
  if (!picture.site.none_works()) return nullptr;
  return picture.site.first_failing()->http;
}

bool has_status(const HttpExchange* http, std::initializer_list<int> statuses) {
  return http != nullptr && http->status && std::ranges::find(statuses, *http->status) != statuses.end();
}

Finding about_error(const Picture& picture, Certainty certainty, std::string summary) {
  Finding finding;
  finding.certainty = certainty;
  finding.summary = std::move(summary);
  finding.cites = picture.site.cites();
  if (const Try* error = picture.site_error()) {
    finding.cause = status_cause(*error->http);
    finding.nel = nel_of(*error->http);
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
