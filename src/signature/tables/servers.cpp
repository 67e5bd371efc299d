// Who handed an answer over, where nothing shows that they made it: the name in Server, or a field of their own.

#include "signature/rule.hpp"

namespace fix502::tables {
namespace {

using namespace marks;
constexpr auto kGateway = ResponderKind::gateway;
constexpr auto kCdn = ResponderKind::cdn;
constexpr StatusRange kAny{100, 599};
constexpr std::string_view kDefault = "the server's own default for that field";

constexpr Rule kRules[] = {
    {"cloudflare", kCdn, kAny, {server("cloudflare")}, kDefault},
    {"cloudfront", kCdn, kAny, {server("cloudfront")}, kDefault},
    {"akamai", kCdn, kAny, {server("akamai")}, kDefault},
    {"bunny", kCdn, kAny, {server("bunnycdn")}, kDefault},
    {"keycdn", kCdn, kAny, {server("keycdn")}, kDefault},
    {"cdn77", kCdn, kAny, {server("cdn77")}, kDefault},
    {"sucuri", kCdn, kAny, {server("sucuri")}, kDefault},
    {"ddos-guard", kCdn, kAny, {server("ddos-guard")}, kDefault},
    {"netlify", kCdn, kAny, {server("netlify")}, kDefault},
    {"vercel", kCdn, kAny, {server("vercel")}, kDefault},
    {"github-pages", kCdn, kAny, {server("github.com")}, kDefault},
    {"google", kCdn, kAny, {server("google frontend")}, kDefault},
    {"google", kCdn, kAny, {server("gws")}, kDefault},
    {"heroku", kGateway, kAny, {server("heroku")}, kDefault},
    {"fly", kGateway, kAny, {server("fly/")}, kDefault},
    {"railway", kGateway, kAny, {server("railway-edge")}, kDefault},
    {"aws-elb", kGateway, kAny, {server("awselb/")}, kDefault},
    {"azure-application-gateway", kGateway, kAny, {server("microsoft-azure-application-gateway")}, kDefault},
    {"openresty", kGateway, kAny, {server("openresty")}, kDefault},
    {"tengine", kGateway, kAny, {server("tengine")}, kDefault},
    {"angie", kGateway, kAny, {server("angie")}, kDefault},
    {"nginx", kGateway, kAny, {server("nginx")}, kDefault},
    {"apache", kGateway, kAny, {server("apache")}, kDefault},
    {"caddy", kGateway, kAny, {server("caddy")}, kDefault},
    {"litespeed", kGateway, kAny, {server("litespeed")}, kDefault},
    {"lighttpd", kGateway, kAny, {server("lighttpd")}, kDefault},
    {"varnish", kGateway, kAny, {server("varnish")}, kDefault},
    {"squid", kGateway, kAny, {server("squid")}, kDefault},
    {"ats", kGateway, kAny, {server("ats/")}, kDefault},
    {"ats", kGateway, kAny, {only("server", "ats")}, kDefault},
    {"h2o", kGateway, kAny, {server("h2o")}, kDefault},
    {"nghttpx", kGateway, kAny, {server("nghttpx")}, kDefault},
    {"envoy", kGateway, kAny, {server("envoy")}, kDefault},
    {"envoy", kGateway, kAny, {server("istio-envoy")}, kDefault},
    {"kong", kGateway, kAny, {server("kong")}, kDefault},
    {"iis", kGateway, kAny, {server("microsoft-iis")}, kDefault},
    {"iis", kGateway, kAny, {server("microsoft-httpapi")}, kDefault},
};

}  // namespace

std::span<const Rule> servers() {
  return kRules;
}

}  // namespace fix502::tables
