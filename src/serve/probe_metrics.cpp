// The figures of a probe, in blackbox_exporter's words and order: by name.

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <ctime>

#include "serve/probe.hpp"

namespace fix502 {
namespace {

/// Go's time.Time{} in Unix time: no chain was verified, so none ends.
constexpr double kNever = -62'135'596'800;

/// FNV-1a of the address' bytes (prober/utils.go, ipHash): it changes when the address does.
double address_hash(const std::string& text) {
  unsigned char bytes[16];
  std::size_t size = 4;
  if (inet_pton(AF_INET, text.c_str(), bytes) != 1) {
    size = 16;
    if (inet_pton(AF_INET6, text.c_str(), bytes) != 1) return 0;
  }
  std::uint32_t hash = 2'166'136'261U;
  for (std::size_t i = 0; i < size; ++i) hash = (hash ^ bytes[i]) * 16'777'619U;
  return hash;
}

double number_in(const std::string& text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// As announced; -1 where the answer does not say (Go's Response.ContentLength).
double content_length(const HttpExchange& seen) {
  if (!seen.status) return 0;
  const std::string* field = seen.header("content-length");
  return field == nullptr ? -1 : number_in(*field);
}

std::optional<double> last_modified(const HttpExchange& seen) {
  const std::string* field = seen.header("last-modified");
  std::tm parts{};
  if (field == nullptr || strptime(field->c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) == nullptr) return std::nullopt;
  return static_cast<double>(timegm(&parts));
}

double expiry(const Certificate& certificate) {
  return certificate.not_after ? static_cast<double>(certificate.not_after->time_since_epoch().count()) : 0;
}

/// A greeting that failed has no figures there.
bool answered_over_tls(const HttpExchange& seen) {
  return seen.status && !seen.tls_version.empty();
}

void write_tls(MetricsText& text, const HttpExchange& seen, bool verified) {
  if (!answered_over_tls(seen) || seen.chain.empty()) return;
  double earliest = expiry(seen.chain.front());
  for (const auto& certificate : seen.chain) earliest = std::min(earliest, expiry(certificate));
  text.gauge("probe_ssl_earliest_cert_expiry", "Returns last SSL chain expiry in unixtime", earliest);
  // There it is that of the chain which was verified; here of the one which was sent, and accepted.
  const Certificate& leaf = seen.chain.front();
  std::string names;
  for (const auto& name : leaf.names)
    if (!is_ipv4(name) && !is_ipv6(name)) names += (names.empty() ? "" : ",") + name;
  text.gauge("probe_ssl_last_chain_expiry_timestamp_seconds", "Returns last SSL chain expiry in timestamp",
             !verified                ? kNever
             : seen.verify_error == 0 ? earliest
                                      : 0);
  text.family("probe_ssl_last_chain_info", "gauge", "Contains SSL leaf certificate information");
  text.sample({{"fingerprint_sha256", leaf.fingerprint},
               {"issuer", leaf.issuer},
               {"subject", leaf.subject},
               {"subjectalternative", names}},
              1);
  // "TLSv1.3" is "TLS 1.3" there.
  const std::string version =
      seen.tls_version.starts_with("TLSv") ? "TLS " + seen.tls_version.substr(4) : seen.tls_version;
  text.family("probe_tls_version_info", "gauge", "Returns the TLS version used or NaN when unknown");
  text.sample({{"version", version}}, 1);
}

void write_http(MetricsText& text, const Probed& probed) {
  static const HttpExchange kNothing;
  const HttpExchange& seen = probed.last ? *probed.last : kNothing;
  text.gauge("probe_failed_due_to_regex", "Indicates if probe failed due to regex", probed.by_pattern ? 1 : 0);
  text.gauge("probe_http_content_length", "Length of http content response", content_length(seen));
  text.family("probe_http_duration_seconds", "gauge", "Duration of http request by phase, summed over all redirects");
  const ProbePhases& phases = probed.phases;
  // Where there was nobody to ask, only that one has begun there.
  const bool asked = !probed.address.empty();
  if (asked) text.sample({{"phase", "connect"}}, phases.connect);
  if (asked) text.sample({{"phase", "processing"}}, phases.processing);
  text.sample({{"phase", "resolve"}}, phases.resolve);
  if (asked) text.sample({{"phase", "tls"}}, phases.tls);
  if (asked) text.sample({{"phase", "transfer"}}, phases.transfer);
  if (const auto when = last_modified(seen))
    text.gauge("probe_http_last_modified_timestamp_seconds",
               "Returns the Last-Modified HTTP response header in unixtime", *when);
  text.gauge("probe_http_redirects", "The number of redirects", probed.redirects);
  text.gauge("probe_http_ssl", "Indicates if SSL was used for the final redirect", answered_over_tls(seen) ? 1 : 0);
  text.gauge("probe_http_status_code", "Response HTTP status code", seen.status.value_or(0));
  text.gauge("probe_http_uncompressed_body_length", "Length of uncompressed response body",
             static_cast<double>(seen.body_bytes));
  text.gauge("probe_http_version", "Returns the version of HTTP of the probe response", number_in(seen.http_version));
}

}  // namespace

void write_probed(MetricsText& text, const Probed& probed) {
  text.gauge("probe_dns_lookup_time_seconds", "Returns the time taken for probe dns lookup in seconds",
             probed.lookup_seconds);
  text.gauge("probe_duration_seconds", "Returns how long the probe took to complete in seconds", probed.seconds);
  if (probed.http)
    write_http(text, probed);
  else
    text.gauge("probe_failed_due_to_regex", "Indicates if probe failed due to regex", 0);
  text.gauge("probe_ip_addr_hash", "Specifies the hash of IP address. It's useful to detect if the IP address changes.",
             address_hash(probed.address));
  text.gauge("probe_ip_protocol", "Specifies whether probe ip protocol is IP4 or IP6",
             probed.address.empty()    ? 0
             : is_ipv6(probed.address) ? 6
                                       : 4);
  if (probed.http && probed.last) write_tls(text, *probed.last, probed.verified);
  if (!probed.unmet.empty()) {
    text.family("fix502_unmet_condition_info", "gauge", "Which condition of the module the answer does not meet; 1.");
    text.sample({{"condition", probed.unmet}}, 1);
  }
  text.gauge("probe_success", "Displays whether or not the probe was a success", probed.success ? 1 : 0);
}

void write_families(MetricsText& text, const std::vector<FamilyProbed>& families) {
  if (families.empty()) return;
  const auto protocol = [](const FamilyProbed& family) { return family.protocol == 6 ? "6" : "4"; };
  text.family("fix502_family_success", "gauge", "Whether the probe succeeds over this IP version alone.");
  for (const auto& family : families) text.sample({{"ip_protocol", protocol(family)}}, family.success ? 1 : 0);
  text.family("fix502_family_duration_seconds", "gauge", "How long the probe takes over this IP version alone.");
  for (const auto& family : families) text.sample({{"ip_protocol", protocol(family)}}, family.seconds);
}

}  // namespace fix502
