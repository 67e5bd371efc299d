#include "signature/rule.hpp"

#include <algorithm>

namespace fix502 {
namespace {

struct CauseRow {
  std::string_view cause;
  std::string_view of_gateway;
  std::string_view of_cdn;
};

// RFC 9209 2.3 recommends a status for each type; the fault of a gateway follows that status. Causes that have no row
// tell of an answer that was not usable.
constexpr CauseRow kCauses[] = {
    {"dns_timeout", "origin.timeout", "cdn.origin-unreachable"},
    {"dns_error", "origin.bad-gateway", "cdn.origin-unreachable"},
    {"destination_not_found", "origin.bad-gateway", "cdn.origin-unreachable"},
    {"destination_unavailable", "origin.unavailable", "cdn.origin-unreachable"},
    {"destination_ip_prohibited", "origin.bad-gateway", "cdn.origin-unreachable"},
    {"destination_ip_unroutable", "origin.bad-gateway", "cdn.origin-unreachable"},
    {"connection_refused", "origin.bad-gateway", "cdn.origin-unreachable"},
    {"connection_timeout", "origin.timeout", "cdn.origin-unreachable"},
    {"connection_read_timeout", "origin.timeout", "origin.timeout"},
    {"connection_write_timeout", "origin.timeout", "origin.timeout"},
    {"http_response_timeout", "origin.timeout", "origin.timeout"},
    {"connection_limit_reached", "origin.unavailable", "origin.unavailable"},
    {"tls_protocol_error", "origin.bad-gateway", "cdn.origin-tls"},
    {"tls_certificate_error", "origin.bad-gateway", "cdn.origin-tls"},
    {"tls_alert_received", "origin.bad-gateway", "cdn.origin-tls"},
    {"proxy_configuration_error", "origin.bad-gateway", "cdn.origin-config"},
    {"proxy_loop_detected", "origin.bad-gateway", "cdn.origin-config"},
    {"proxy_internal_error", "origin.bad-gateway", "cdn.edge"},
    {"http_request_denied", "gateway.blocked", "gateway.blocked"},
    // About the request, or said without asking the next hop at all.
    {"http_request_error", "", ""},
    {"proxy_internal_response", "", ""},
    {"", "", ""},
};

}  // namespace

bool holds(const Rule& rule, const Answer& answer) {
  return answer.status >= rule.statuses.from && answer.status <= rule.statuses.to && all_hold(rule.marks, answer);
}

const Rule* first_holding(std::span<const Rule> rules, const Answer& answer) {
  const auto found = std::ranges::find_if(rules, [&](const Rule& rule) { return holds(rule, answer); });
  return found == rules.end() ? nullptr : &*found;
}

std::string_view fault_of_cause(std::string_view cause, ResponderKind kind) {
  const bool of_cdn = kind == ResponderKind::cdn;
  const auto found = std::ranges::find(kCauses, cause, &CauseRow::cause);
  if (found == std::end(kCauses)) return of_cdn ? "cdn.origin-bad-response" : "origin.bad-gateway";
  return of_cdn ? found->of_cdn : found->of_gateway;
}

}  // namespace fix502
