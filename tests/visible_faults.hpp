#pragma once

#include <string_view>

namespace fix502::test {

/// The ids of product.md's table "Seen from a visitor's machine".
inline constexpr std::string_view kVisibleFaults[] = {
    "browser.cached-error", "browser.cookie",         "browser.client-profile",
    "device.hosts-file",    "device.proxy",           "device.clock",
    "device.offline",       "device.resolver-config", "network.captive-portal",
    "network.filtering",    "network.ipv6",           "network.mtu",
    "network.unreachable",  "dns.stale-record",       "dns.wrong-answer",
    "dns.resolver-down",    "dns.nxdomain",           "dns.no-address",
    "dns.zone-broken",      "cdn.cached-error",       "cdn.edge",
    "cdn.origin-config",    "cdn.origin-unreachable", "cdn.origin-bad-response",
    "cdn.origin-tls",       "gateway.down",           "gateway.partly-down",
    "gateway.tls",          "gateway.header-limit",   "gateway.closed-early",
    "gateway.not-http",     "gateway.blocked",        "gateway.redirect-loop",
    "origin.bad-gateway",   "origin.timeout",         "origin.unavailable",
    "origin.partly-down",   "origin.route",           "origin.truncated",
    "origin.error",
};

}  // namespace fix502::test
