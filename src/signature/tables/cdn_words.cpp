// What the words and the codes of a CDN's own error page mean (RFC 9209 2.3 error types).

#include "signature/rule.hpp"

namespace fix502::tables {
namespace {

using namespace marks;

constexpr Word kWords[] = {
    // The branded page tells that the origin answered 502 or 504 itself; the plain ones are Cloudflare's own.
    // https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-502-504/
    {"cloudflare", starts("cf-error-type", "50"), {"", "cdn.origin-bad-response"}},
    {"cloudflare", body("error code 502"), {"", "origin.bad-gateway"}},
    {"cloudflare", body("cf-error-code\">502<"), {"", "origin.bad-gateway"}},
    {"cloudflare", body("error code 504"), {"", "origin.timeout"}},
    {"cloudflare", body("cf-error-code\">504<"), {"", "origin.timeout"}},
    {"cloudflare", title("just a moment..."), {"http_request_denied"}},
    {"cloudflare", title("attention required! | cloudflare"), {"http_request_denied"}},

    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/troubleshooting-response-errors.html
    {"cloudfront", body("cloudfront wasn't able to resolve the origin domain name"), {"dns_error"}},
    {"cloudfront", body("request blocked."), {"http_request_denied"}},
    {"cloudfront", body("configured to block access from your country"), {"http_request_denied"}},
    {"cloudfront", body("lambda function"), {"", "origin.error"}},

    // https://www.fastly.com/documentation/guides/debug/common-503-errors/
    {"fastly", body("first byte timeout"), {"connection_read_timeout"}},
    {"fastly", body("between bytes timeout"), {"connection_read_timeout"}},
    {"fastly", body("backend read error"), {"connection_terminated"}},
    {"fastly", body("connection timed out"), {"connection_timeout"}},
    {"fastly", body("connection refused"), {"connection_refused"}},
    {"fastly", body("backend.max_conn reached"), {"connection_limit_reached"}},
    {"fastly", body("backend is unhealthy"), {"destination_unavailable"}},
    {"fastly", body("all backends failed or unhealthy"), {"destination_unavailable"}},
    {"fastly", body("operation now in progress"), {"connection_timeout"}},
    {"fastly", body("network is unreachable"), {"destination_ip_unroutable"}},
    {"fastly", body("hostname doesn't match against certificate"), {"tls_certificate_error"}},
    {"fastly", body("unable to get local issuer certificate"), {"tls_certificate_error"}},
    {"fastly", body("certificate has expired"), {"tls_certificate_error"}},
    {"fastly", body("ssl handshake error"), {"tls_protocol_error"}},
    {"fastly", body("header overflow"), {"http_response_header_section_size"}},
    {"fastly", body("http headers too long"), {"http_response_header_section_size"}},
    {"fastly", body("loop detected"), {"proxy_loop_detected"}},
    {"fastly", body("fastly error: unknown domain"), {"destination_not_found", "cdn.origin-config"}},
    {"fastly", body("no stale object available"), {"", "cdn.origin-bad-response"}},
    {"fastly", body("backend fetch failed"), {"", "cdn.origin-bad-response"}},

    {"sucuri", body("backend or gateway connection timeout"), {"connection_timeout"}},
    {"sucuri", body("access denied"), {"http_request_denied"}},
};

constexpr Code kCodes[] = {
    // https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
    {"cloudflare", "520", {"", "cdn.origin-bad-response"}},
    {"cloudflare", "521", {"connection_refused"}},
    {"cloudflare", "522", {"connection_timeout"}},
    {"cloudflare", "523", {"destination_ip_unroutable"}},
    {"cloudflare", "524", {"connection_read_timeout"}},
    {"cloudflare", "525", {"tls_protocol_error"}},
    {"cloudflare", "526", {"tls_certificate_error"}},
    {"cloudflare", "530", {"", "cdn.origin-unreachable"}},
    // https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/
    {"cloudflare", "1000", {"destination_ip_prohibited", "cdn.origin-config"}},
    {"cloudflare", "1001", {"dns_error", "cdn.origin-config"}},
    {"cloudflare", "1002", {"destination_ip_prohibited", "cdn.origin-config"}},
    {"cloudflare", "1003", {"http_request_denied"}},
    {"cloudflare", "1004", {"destination_not_found", "cdn.origin-config"}},
    {"cloudflare", "1006", {"http_request_denied"}},
    {"cloudflare", "1007", {"http_request_denied"}},
    {"cloudflare", "1008", {"http_request_denied"}},
    {"cloudflare", "1009", {"http_request_denied"}},
    {"cloudflare", "1010", {"http_request_denied"}},
    {"cloudflare", "1011", {"http_request_denied"}},
    {"cloudflare", "1012", {"http_request_denied"}},
    {"cloudflare", "1013", {"proxy_configuration_error", "cdn.origin-config"}},
    {"cloudflare", "1014", {"proxy_configuration_error", "cdn.origin-config"}},
    {"cloudflare", "1015", {"http_request_denied"}},
    {"cloudflare", "1016", {"dns_error"}},
    {"cloudflare", "1018", {"destination_not_found", "cdn.origin-config"}},
    {"cloudflare", "1019", {"proxy_loop_detected", "cdn.origin-config"}},
    {"cloudflare", "1020", {"http_request_denied"}},
    {"cloudflare", "1033", {"destination_unavailable"}},
    {"cloudflare", "1034", {"proxy_configuration_error", "cdn.origin-config"}},
    {"cloudflare", "1101", {"", "origin.error"}},
    {"cloudflare", "1102", {"", "origin.error"}},
    {"cloudflare", "1200", {"connection_limit_reached"}},

    // The first number after "Reference #": https://techdocs.akamai.com/edge-diagnostics/docs/error-codes
    {"akamai", "Reference #1", {"connection_read_timeout"}},
    {"akamai", "Reference #2", {"http_response_timeout"}},
    {"akamai", "Reference #3", {"connection_terminated"}},
    {"akamai", "Reference #6", {"connection_timeout"}},
    {"akamai", "Reference #9", {"destination_not_found", "cdn.origin-config"}},
    {"akamai", "Reference #11", {"dns_error"}},
    {"akamai", "Reference #12", {"destination_unavailable"}},
    {"akamai", "Reference #15", {"connection_terminated"}},
    {"akamai", "Reference #18", {"http_request_denied"}},
    {"akamai", "Reference #30", {"tls_certificate_error"}},
    {"akamai", "Reference #44", {"destination_ip_prohibited"}},

    // https://docs.imperva.com/bundle/cloud-application-security/page/more/error-codes.htm
    {"imperva", "8", {"connection_timeout"}},
    {"imperva", "20", {"connection_refused"}},
    {"imperva", "15", {"http_request_denied"}},
    {"imperva", "16", {"http_request_denied"}},
    {"imperva", "22", {"destination_not_found", "cdn.origin-config"}},

    // https://vercel.com/docs/errors
    {"vercel", "FUNCTION_INVOCATION_TIMEOUT", {"http_response_timeout"}},
    {"vercel", "EDGE_FUNCTION_INVOCATION_TIMEOUT", {"http_response_timeout"}},
    {"vercel", "MIDDLEWARE_INVOCATION_TIMEOUT", {"http_response_timeout"}},
    {"vercel", "FUNCTION_INVOCATION_FAILED", {"", "origin.error"}},
    {"vercel", "EDGE_FUNCTION_INVOCATION_FAILED", {"", "origin.error"}},
    {"vercel", "MIDDLEWARE_INVOCATION_FAILED", {"", "origin.error"}},
    {"vercel", "NO_RESPONSE_FROM_FUNCTION", {"connection_terminated"}},
    {"vercel", "FUNCTION_THROTTLED", {"connection_limit_reached"}},
    {"vercel", "DEPLOYMENT_PAUSED", {"destination_unavailable", "origin.unavailable"}},
    {"vercel", "DNS_HOSTNAME_EMPTY", {"dns_error"}},
    {"vercel", "DNS_HOSTNAME_NOT_FOUND", {"dns_error"}},
    {"vercel", "DNS_HOSTNAME_RESOLVE_FAILED", {"dns_error"}},
    {"vercel", "DNS_HOSTNAME_SERVER_ERROR", {"dns_error"}},
    {"vercel", "ROUTER_EXTERNAL_TARGET_CONNECTION_ERROR", {"", "cdn.origin-unreachable"}},
    {"vercel", "ROUTER_EXTERNAL_TARGET_HANDSHAKE_ERROR", {"tls_protocol_error"}},
    {"vercel", "ROUTER_EXTERNAL_TARGET_ERROR", {"", "cdn.origin-bad-response"}},
    {"vercel", "INFINITE_LOOP_DETECTED", {"proxy_loop_detected"}},

    // https://ngrok.com/docs/errors
    {"ngrok", "ERR_NGROK_8012", {"connection_refused"}},
    {"ngrok", "ERR_NGROK_3200", {"destination_unavailable"}},
    {"ngrok", "ERR_NGROK_3004", {"http_protocol_error"}},
};

}  // namespace

std::span<const Word> cdn_words() {
  return kWords;
}
std::span<const Code> codes() {
  return kCodes;
}

}  // namespace fix502::tables
