// The access logs that are known by name. A layout that ends in "..." may be followed by more columns.
#include "logline/layout.hpp"

namespace fix502 {

const std::vector<Format>& formats() {
  // In order: a longer shape stands before the shorter one that it begins with.
  static const std::vector<Format> kFormats = {
      // HAProxy configuration manual 8.2.3 and 8.2.2; captured headers stand in braces before the request.
      {"haproxy-http", "haproxy",
       R"({client}:{port} [{time}] {-} {upstream} {timers} {status} {-} {-} {-} {state} {-} {-} {-}"{request}"...)",
       R"(192.0.2.7:5000 [22/Nov/2026:04:54:03.123] web app/s1 0/0/-1/-1/3001 503 217 - - SC-- 1/1/0/0/3 0/0 "GET /x HTTP/1.1")"},
      {"haproxy-tcp", "haproxy", R"({client}:{port} [{time}] {-} {upstream} {timers} {-} {state} {-} {-})",
       R"(192.0.2.7:5000 [22/Nov/2026:04:54:03.123] tcp app/s1 0/-1/3001 0 SC 1/1/0/0/3 0/0)"},
      // Traefik access log, CLF: counts, router and service behind the combined fields.
      {"traefik-clf", "traefik",
       R"({client} - {-} [{time}] "{request}" {status} {-} "{-}" "{-}" {-} "{-}" "{upstream}" {-}ms)",
       R"(192.0.2.7 - - [22/Nov/2026:04:54:03 +0000] "GET /x HTTP/1.1" 502 11 "-" "curl" 12 "web@file" "http://127.0.0.1:81" 3ms)"},
      // ingress-nginx: controller's upstreaminfo format.
      {"ingress-nginx", "nginx",
       R"({client} - {-} [{time}] "{request}" {status} {-} "{-}" "{-}" {-} {request_time} [{-}] [{-}] {upstream} {-} {-} {upstream_status} {-})",
       R"(192.0.2.7 - - [22/Nov/2026:04:54:03 +0000] "GET /x HTTP/1.1" 502 150 "-" "curl" 80 0.001 [default-app-80] [] 10.0.0.1:8080 0 0.001 502 8a1f)"},
      {"vhost-combined", "apache", R"({host}:{-} {client} {-} {-} [{time}] "{request}" {status} {-} "{-}" "{-}")",
       R"(a.test:80 192.0.2.7 - - [22/Nov/2026:04:54:03 +0000] "GET /x HTTP/1.1" 502 157 "-" "curl/7.88.1")"},
      {"combined", "", R"({client} {host} {-} [{time}] "{request}" {status} {-} "{-}" "{-}")",
       R"(192.0.2.7 - - [22/Nov/2026:04:54:03 +0000] "GET /x HTTP/1.1" 502 157 "-" "curl/7.88.1")"},
      {"common", "", R"({client} {host} {-} [{time}] "{request}" {status} {-})",
       R"(192.0.2.7 - - [22/Nov/2026:04:54:03 +0000] "GET /x HTTP/1.1" 502 157)"},
      // Istio's default has the details and the transport's failure behind Envoy's flags.
      {"istio", "envoy",
       R"([{time}] "{request}" {status} {state} {details} {-} "{-}" {-} {-} {-} {-} "{client}" "{-}" "{-}" "{host}" "{upstream}"...)",
       R"([2026-11-22T04:54:03.123Z] "GET /x HTTP/1.1" 503 UF upstream_reset_before_response_started{connection_failure} - "-" 0 91 1 - "192.0.2.7" "curl" "8a1f" "a.test" "127.0.0.1:81" outbound|80||app - 10.0.0.2:80 192.0.2.7:5000 - default)"},
      {"envoy", "envoy",
       R"([{time}] "{request}" {status} {state} {-} {-} {-} {-} "{client}" "{-}" "{-}" "{host}" "{upstream}")",
       R"([2026-11-22T04:54:03.123Z] "GET /x HTTP/1.1" 503 UF 0 91 1 - "192.0.2.7" "curl" "8a1f" "a.test" "127.0.0.1:81")"},
      // AWS: load-balancer-access-logs.
      {"aws-alb", "alb",
       R"({-} {time} {-} {client}:{port} {upstream} {-} {connect_time} {-} {status} {upstream_status} {-} {-} "{request}" "{-}"...)",
       R"(https 2026-11-22T04:54:03.123456Z app/web/1 192.0.2.7:5000 10.0.0.1:80 0.001 -1 -1 502 - 34 366 "GET https://a.test:443/x HTTP/1.1" "curl" ECDHE TLSv1.2 arn "Root=1" "a.test" "arn" 0 2026-11-22T04:54:03.000000Z "forward" "-" "-" "10.0.0.1:80" "-" "-" "-")"},
      // Squid FAQ, native access.log; Traffic Server's squid.log is alike.
      {"squid-native", "squid", R"({time} {-} {client} {state}/{status} {-} {method} {url} {-} {hierarchy} {-})",
       R"(1795323663.410      3 192.0.2.7 TCP_MISS/503 3900 GET http://a.test/x - HIER_DIRECT/127.0.0.1 text/html)"},
  };
  return kFormats;
}

}  // namespace fix502
