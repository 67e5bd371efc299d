// Whose edge an answer passed. Where two networks stand one behind the other, the row of the outer one comes first.

#include "signature/rule.hpp"

namespace fix502::tables {
namespace {

using namespace marks;
constexpr auto kCdn = ResponderKind::cdn;
constexpr StatusRange kAny{100, 599};

constexpr Rule kRules[] = {
    {"cloudflare",
     kCdn,
     kAny,
     {has("cf-ray")},
     "https://developers.cloudflare.com/fundamentals/reference/cloudflare-ray-id/"},
    {"cloudflare",
     kCdn,
     kAny,
     {server("cloudflare")},
     "https://developers.cloudflare.com/fundamentals/reference/http-headers/"},
    {"github-pages", kCdn, kAny, {server("github.com")}, "https://docs.github.com/pages"},
    {"cloudfront",
     kCdn,
     kAny,
     {has("x-amz-cf-id")},
     "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"},
    {"cloudfront",
     kCdn,
     kAny,
     {header("via", "(cloudfront)")},
     "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"},
    {"vercel", kCdn, kAny, {has("x-vercel-id")}, "https://vercel.com/docs/headers/response-headers"},
    {"netlify", kCdn, kAny, {has("x-nf-request-id")}, "https://docs.netlify.com/"},
    {"azure-front-door",
     kCdn,
     kAny,
     {has("x-azure-ref")},
     "https://learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol"},
    {"bunny", kCdn, kAny, {server("bunnycdn")}, "https://docs.bunny.net/docs/cdn"},
    {"bunny", kCdn, kAny, {has("cdn-pullzone"), has("cdn-requestid")}, "https://docs.bunny.net/docs/cdn"},
    {"imperva", kCdn, kAny, {has("x-iinfo")}, "https://docs.imperva.com/"},
    {"imperva", kCdn, kAny, {starts("x-cdn", "imperva")}, "https://docs.imperva.com/"},
    {"imperva", kCdn, kAny, {starts("x-cdn", "incapsula")}, "https://docs.imperva.com/"},
    {"imperva", kCdn, kAny, {cookie("visid_incap_")}, "https://docs.imperva.com/"},
    {"sucuri", kCdn, kAny, {has("x-sucuri-id")}, "https://docs.sucuri.net/website-firewall/"},
    {"sucuri", kCdn, kAny, {server("sucuri")}, "https://docs.sucuri.net/website-firewall/"},
    {"ddos-guard", kCdn, kAny, {server("ddos-guard")}, "https://ddos-guard.net/en/manual"},
    {"keycdn", kCdn, kAny, {server("keycdn")}, "https://www.keycdn.com/support"},
    {"cdn77", kCdn, kAny, {server("cdn77")}, "https://client.cdn77.com/support/knowledgebase"},
    {"cdn77", kCdn, kAny, {any_header("x-77-")}, "https://client.cdn77.com/support/knowledgebase"},
    {"akamai", kCdn, kAny, {server("akamaighost")}, "https://techdocs.akamai.com/"},
    {"akamai", kCdn, kAny, {server("akamainetstorage")}, "https://techdocs.akamai.com/"},
    {"akamai", kCdn, kAny, {any_header("x-akamai-")}, "https://techdocs.akamai.com/"},
    {"akamai", kCdn, kAny, {any_header("akamai-")}, "https://techdocs.akamai.com/"},
    {"akamai", kCdn, kAny, {header("server-timing", "ak_p;")}, "https://techdocs.akamai.com/"},
    {"alibaba", kCdn, kAny, {has("eagleid")}, "https://www.alibabacloud.com/help/cdn"},
    {"alibaba", kCdn, kAny, {any_header("x-swift-")}, "https://www.alibabacloud.com/help/cdn"},
    {"tencent", kCdn, kAny, {has("x-nws-log-uuid")}, "https://www.tencentcloud.com/document/product/228"},
    {"edgio", kCdn, kAny, {server("ecs (")}, "https://docs.edg.io/"},
    {"edgio", kCdn, kAny, {server("ecacc (")}, "https://docs.edg.io/"},
    {"gcore", kCdn, kAny, {starts("x-id-fe", ""), has("x-id"), has("cache")}, "https://gcore.com/docs/cdn"},
    {"fastly",
     kCdn,
     kAny,
     {has("x-fastly-request-id")},
     "https://www.fastly.com/documentation/reference/http/http-headers/"},
    {"fastly",
     kCdn,
     kAny,
     {starts("x-served-by", "cache-"), header("via", "varnish")},
     "https://www.fastly.com/documentation/reference/http/http-headers/X-Served-By/"},
    {"fastly",
     kCdn,
     kAny,
     {starts("x-served-by", "cache-"), has("x-timer")},
     "https://www.fastly.com/documentation/reference/http/http-headers/X-Timer/"},
    {"shopify", kCdn, kAny, {has("x-shopid")}, "https://shopify.dev/"},
    {"wordpress-com", kCdn, kAny, {has("x-ac"), has("x-hacker")}, "https://wordpress.com/"},
    {"google", kCdn, kAny, {header("via", "1.1 google")}, "https://cloud.google.com/load-balancing/docs/https"},
};

}  // namespace

std::span<const Rule> cdn_marks() {
  return kRules;
}

}  // namespace fix502::tables
