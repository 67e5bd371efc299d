#include "observation/browser_visit.hpp"

#include <utility>

namespace fix502 {
namespace {

/// ALPN names (RFC 7301 6, IANA "TLS ALPN Protocol IDs") and what the probes call the same version.
constexpr std::pair<std::string_view, std::string_view> kVersions[] = {
    {"h3", "3"}, {"h2", "2"}, {"http/1.1", "1.1"}, {"http/1.0", "1.0"}, {"http/0.9", "0.9"},
};

}  // namespace

HttpExchange as_exchange(const BrowserVisit& visit) {
  HttpExchange http;
  http.url = visit.final_url.empty() ? visit.url : visit.final_url;
  http.client = visit.browser;
  http.address = visit.address;
  http.port = visit.port;
  http.failure = visit.failure;
  http.reached = visit.failure == Failure::none ? Phase::done : visit.status ? Phase::body : Phase::connect;
  http.detail = visit.net_error;
  http.status = visit.status;
  http.headers = visit.headers;
  for (const auto& [alpn, version] : kVersions)
    if (visit.protocol == alpn) http.http_version = version;
  return http;
}

}  // namespace fix502
