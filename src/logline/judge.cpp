// What an access log's line says of why its request failed. The rules are those of gateway-specific fields; where a
// line has none of them, its status is all there is, and who made it is not known.
#include "logline/judge.hpp"

#include <string>

#include "base/text.hpp"

namespace fix502 {
namespace {

using enum Sureness;

constexpr std::string_view kGateway = "gateway";
constexpr std::string_view kUpstream = "upstream";

/// "When the product writes that, it means this." `status` 0: any.
struct StateRow {
  std::string_view gateway;
  std::string_view state;
  int status;
  Judgement judgement;
};

constexpr StateRow kStates[] = {
    // HAProxy's first two letters (configuration manual 8.5). SC is also every TLS failure: a health check or bc_err
    // tells.
    {"haproxy", "SC", 0, {"upstream.connection-refused", "connection_refused", likely, kGateway}},
    {"haproxy", "sC", 0, {"upstream.connection-timeout", "connection_timeout", certain, kGateway}},
    {"haproxy", "SH", 0, {"upstream.closed-early", "connection_terminated", certain, kGateway}},
    {"haproxy", "sH", 0, {"upstream.read-timeout", "connection_read_timeout", certain, kGateway}},
    {"haproxy", "PH", 0, {"upstream.invalid-header", "http_protocol_error", possible, kGateway}},
    {"haproxy", "PD", 0, {"upstream.bad-chunking", "http_response_transfer_coding", certain, kGateway}},
    // Seen with 2.6: SD is also a chunk that is broken behind the first one; its error snapshot alone tells them apart.
    {"haproxy", "SD", 0, {"upstream.truncated", "http_response_incomplete", likely, kGateway}},
    {"haproxy", "sD", 0, {"upstream.read-timeout", "connection_read_timeout", certain, kGateway}},
    {"haproxy", "sQ", 0, {"gateway.connection-limit", "connection_limit_reached", certain, kGateway}},
    {"haproxy", "RC", 0, {"gateway.connection-limit", "proxy_internal_error", possible, kGateway}},
    {"haproxy", "PC", 0, {"gateway.connection-limit", "proxy_internal_error", possible, kGateway}},
    // Envoy's response flags (access_log/usage.rst).
    {"envoy", "UH", 0, {"upstream.all-down", "destination_unavailable", certain, kGateway, true}},
    {"envoy", "LH", 0, {"upstream.all-down", "destination_unavailable", certain, kGateway}},
    {"envoy", "UF", 0, {"upstream.connection-refused", "connection_refused", likely, kGateway}},
    {"envoy", "UC", 0, {"upstream.closed-early", "connection_terminated", certain, kGateway}},
    {"envoy", "UR", 0, {"upstream.closed-early", "connection_terminated", certain, kGateway}},
    {"envoy", "UT", 0, {"upstream.read-timeout", "http_response_timeout", certain, kGateway}},
    {"envoy", "UO", 0, {"gateway.connection-limit", "connection_limit_reached", certain, kGateway}},
    {"envoy", "UPE", 0, {"upstream.invalid-header", "http_protocol_error", possible, kGateway}},
    {"envoy", "DF", 0, {"upstream.name-not-resolved", "dns_error", certain, kGateway}},
    {"envoy", "NC", 0, {"gateway.config-invalid", "destination_not_found", certain, kGateway}},
    // CloudFront's x-edge-detailed-result-type.
    {"cloudfront", "OriginConnectError", 0, {"upstream.connection-refused", "connection_refused", likely, kGateway}},
    {"cloudfront", "OriginDnsError", 0, {"upstream.name-not-resolved", "dns_error", certain, kGateway}},
    {"cloudfront", "OriginCommError", 0, {"upstream.read-timeout", "connection_read_timeout", possible, kGateway}},
    {"cloudfront", "OriginReadError", 0, {"upstream.closed-early", "connection_terminated", certain, kGateway}},
    {"cloudfront", "OriginWriteError", 0, {"upstream.closed-early", "connection_terminated", certain, kGateway}},
    {"cloudfront",
     "OriginZeroSizeObjectError",
     0,
     {"upstream.closed-early", "connection_terminated", certain, kGateway}},
    {"cloudfront",
     "OriginHeaderTooBigError",
     0,
     {"upstream.header-too-large", "http_response_header_section_size", certain, kGateway}},
    {"cloudfront",
     "OriginInvalidResponseError",
     0,
     {"upstream.invalid-header", "http_protocol_error", likely, kGateway}},
    {"cloudfront", "AbortedOrigin", 0, {"upstream.truncated", "http_response_incomplete", certain, kGateway}},
    {"cloudfront", "OriginError", 0, {"", "", certain, kUpstream}},
};

// Cloudflare's own statuses (cloudflare-5xx-errors); IIS' sc-win32-status is WinHTTP's.
struct CodeRow {
  std::string_view gateway;
  int code;
  Judgement judgement;
};

constexpr CodeRow kCodes[] = {
    {"cloudflare", 520, {"upstream.closed-early", "connection_terminated", possible, kGateway}},
    {"cloudflare", 521, {"upstream.connection-refused", "connection_refused", certain, kGateway}},
    {"cloudflare", 522, {"upstream.connection-timeout", "connection_timeout", certain, kGateway}},
    {"cloudflare", 523, {"upstream.unreachable", "destination_ip_unroutable", certain, kGateway}},
    {"cloudflare", 524, {"upstream.read-timeout", "connection_read_timeout", certain, kGateway}},
    {"cloudflare", 525, {"upstream.tls-version", "tls_protocol_error", possible, kGateway}},
    {"cloudflare", 526, {"upstream.certificate", "tls_certificate_error", certain, kGateway}},
    {"cloudflare", 530, {"upstream.name-not-resolved", "dns_error", likely, kGateway}},
    {"iis", 12002, {"upstream.read-timeout", "connection_read_timeout", likely, kGateway}},
    {"iis", 12007, {"upstream.name-not-resolved", "dns_error", certain, kGateway}},
    {"iis", 12029, {"upstream.connection-refused", "connection_refused", likely, kGateway}},
    {"iis", 12030, {"upstream.closed-early", "connection_terminated", certain, kGateway}},
    {"iis", 12152, {"upstream.not-http", "http_protocol_error", certain, kGateway}},
    {"iis", 12175, {"upstream.certificate", "tls_certificate_error", likely, kGateway}},
};

Judgement by_status(const Record& record, std::string_view made_by) {
  return {fault_of_status(record.status), {}, made_by.empty() ? possible : certain, made_by};
}

bool states_say(std::string_view gateway, std::string_view row, std::string_view state) {
  if (gateway == "haproxy") return state.starts_with(row);
  for (const std::string_view flag : split(state, ','))
    if (flag == row) return true;
  return false;
}

std::optional<Judgement> by_state(const Record& record) {
  for (const StateRow& row : kStates)
    if (row.gateway == record.gateway && states_say(row.gateway, row.state, record.state)) {
      Judgement judgement = row.judgement;
      if (judgement.fault.empty()) judgement.fault = fault_of_status(record.status);
      return judgement.fault.empty() ? std::nullopt : std::optional(judgement);
    }
  return std::nullopt;
}

std::optional<Judgement> by_code(std::string_view gateway, int code) {
  for (const CodeRow& row : kCodes)
    if (row.gateway == gateway && row.code == code) return row.judgement;
  return std::nullopt;
}

std::optional<Judgement> judge_haproxy(const Record& record) {
  if (record.state.size() < 2) return std::nullopt;
  if (record.state.starts_with("--")) {
    if (record.status < 500) return std::nullopt;
    return by_status(record, kUpstream);
  }
  auto judgement = by_state(record);
  if (judgement && judgement->fault == "upstream.connection-refused" && record.upstream.ends_with("/<NOSRV>"))
    return Judgement{"upstream.all-down", "destination_unavailable", certain, kGateway, true};
  return judgement;
}

std::optional<Judgement> judge_envoy(const Record& record) {
  if (auto judgement = by_state(record)) {
    // Details are more exact than flags: "remote_connection_failure|delayed_connect_error:_111".
    const Message* message = find_message("envoy", record.details.empty() ? record.line : record.details);
    if (message != nullptr && judgement->fault == "upstream.connection-refused") {
      judgement->fault = message->fault;
      judgement->cause = message->cause;
      judgement->sureness = message->sureness;
    }
    return judgement;
  }
  if (record.status < 500) return std::nullopt;
  return by_status(record, record.state == "-" || record.state.empty() ? kUpstream : std::string_view());
}

/// ALB: elb_status_code with target_status_code "-" is the balancer's own; a target that was chosen has times.
std::optional<Judgement> judge_alb(const Record& record) {
  if (record.status < 500) return std::nullopt;
  if (!record.upstream_status.empty()) return by_status(record, kUpstream);
  if (record.upstream.empty() && record.status == 503)
    return Judgement{"upstream.all-down", "destination_unavailable", certain, kGateway};
  if (record.status == 502) return Judgement{"upstream.closed-early", "connection_terminated", likely, kGateway};
  if (record.status == 504) return Judgement{"upstream.read-timeout", "connection_read_timeout", likely, kGateway};
  return by_status(record, kGateway);
}

/// nginx with upstream variables in its log_format (reference: the variables alone tell connect, header and body
/// apart).
std::optional<Judgement> judge_upstream_fields(const Record& record) {
  const std::string_view said = last_of_list(record.upstream_status);
  if (record.status < 500) return Judgement{{}, {}, certain, kUpstream, false, true};
  if (record.has_header_time && record.header_time) return by_status(record, kUpstream);
  if (said == "502" && record.upstream.find_first_of(".:/") == record.upstream.npos && !record.upstream.empty())
    return Judgement{"upstream.all-down", "destination_unavailable", likely, kGateway, true};
  if (!record.has_header_time) return by_status(record, {});
  const bool connected = record.connect_time.has_value();
  if (said == "504" && record.has_connect_time)
    return connected ? Judgement{"upstream.read-timeout", "connection_read_timeout", certain, kGateway}
                     : Judgement{"upstream.connection-timeout", "connection_timeout", certain, kGateway};
  if (said == "502" && connected && record.received && *record.received == 0)
    return Judgement{"upstream.closed-early", "connection_terminated", certain, kGateway};
  return by_status(record, kGateway);
}

bool is_retried(const Record& record) {
  return record.status > 0 && record.status < 500 && record.upstream_status.find(", ") != std::string_view::npos &&
         record.upstream_status.find('5') != std::string_view::npos;
}

}  // namespace

std::string_view fault_of_status(int status) {
  switch (status) {
    case 500:
      return "origin.error";
    case 502:
      return "origin.bad-gateway";
    case 503:
      return "origin.unavailable";
    case 504:
      return "origin.timeout";
    default:
      return {};
  }
}

std::string upstream_name(std::string_view gateway, std::string_view text) {
  if (gateway == "haproxy") return std::string(text);
  if (const auto scheme = text.find("://"); scheme != text.npos) text.remove_prefix(scheme + 3);
  if (text.starts_with("unix:")) return std::string(text);
  if (text.starts_with('/')) return "unix:" + std::string(text);
  return std::string(text.substr(0, text.find('/')));
}

std::string_view last_of_list(std::string_view list) {
  for (const std::string_view separator : {" : ", ", "})
    if (const auto at = list.rfind(separator); at != list.npos) list.remove_prefix(at + separator.size());
  return trim(list);
}

std::string upstream_of(const Record& record) {
  // HAProxy's "backend/server" is one name, whatever stands in it.
  return upstream_name(record.gateway, record.gateway == "haproxy" ? record.upstream : last_of_list(record.upstream));
}

std::optional<Judgement> judge_access(const Record& record) {
  std::optional<Judgement> judgement;
  if (record.gateway == "haproxy") return judge_haproxy(record);
  if (record.gateway == "envoy") return judge_envoy(record);
  if (record.gateway == "alb") return judge_alb(record);
  if (record.gateway == "cloudflare" && record.upstream_status.empty())
    judgement = by_code("cloudflare", record.status);
  if (record.gateway == "iis" && record.status == 502) {
    int code = 0;
    for (const char c : record.details.substr(0, 6)) code = c >= '0' && c <= '9' ? code * 10 + (c - '0') : 0;
    judgement = by_code("iis", code);
  }
  if (record.gateway == "cloudfront") judgement = by_state(record);
  if (!judgement && record.status == 9 && record.gateway != "cloudflare")
    judgement =
        Judgement{"upstream.not-http", "http_protocol_error", certain, kGateway};  // nginx passes it on as HTTP/0.9
  if (judgement) return judgement;
  if (is_retried(record)) return judge_upstream_fields(record);
  if (record.status < 500 || fault_of_status(record.status).empty()) return std::nullopt;
  if (!record.details.empty() && record.details != "-")
    // varnishncsa's %{VSL:FetchError}x and its like: the words that varnishlog shows behind "FetchError".
    if (const Message* message = find_message("FetchError " + std::string(record.details)))
      return Judgement{message->fault, message->cause, message->sureness, kGateway,
                       message->weight == Weight::secondary};
  if (record.gateway == "traefik" || record.gateway == "cloudflare")
    return by_status(record, record.upstream_status.empty() && record.state != "passed" ? kGateway : kUpstream);
  if (!record.upstream_status.empty()) return judge_upstream_fields(record);
  return by_status(record, {});
}

}  // namespace fix502
