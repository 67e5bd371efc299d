// Error answers that hosting platforms and managed load balancers make themselves.

#include "signature/rule.hpp"

namespace fix502::tables {
namespace {

using namespace marks;
constexpr auto kGateway = ResponderKind::gateway;
constexpr auto kCdn = ResponderKind::cdn;
constexpr StatusRange kAnyError{400, 599};
constexpr StatusRange kServerError{500, 599};

constexpr Rule kRules[] = {
    {"aws-elb",
     kGateway,
     kAnyError,
     {server("awselb/"), body_starts("<html><head><title>"), body("</h1></center></body></html>")},
     "awsdocs/elb-application-load-balancers-user-guide load-balancer-troubleshooting.md"},
    {"aws-elb",
     kGateway,
     kServerError,
     {server("awselb/"), body_empty()},
     "awsdocs/elb-application-load-balancers-user-guide load-balancer-troubleshooting.md"},
    {"aws-elb",
     kGateway,
     {503, 503},
     {reason("service unavailable: back-end server is at capacity")},
     "https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/ts-elb-error-message.html"},
    {"api-gateway",
     kGateway,
     kServerError,
     {has("x-amz-apigw-id"), body("\"message\":"), has("x-amzn-errortype")},
     "https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html"},
    {"api-gateway",
     kGateway,
     kServerError,
     {has("apigw-requestid"), body_is("{\"message\":\"service unavailable\"}")},
     "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html"},
    {"api-gateway",
     kGateway,
     kServerError,
     {has("apigw-requestid"), body_is("{\"message\":\"internal server error\"}")},
     "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html"},
    {"google",
     kCdn,
     kServerError,
     {title("server error"), body("<h1>error: server error</h1>")},
     "https://cloud.google.com/load-balancing/docs/https/troubleshooting-ext-https-lbs"},
    {"google",
     kCdn,
     kServerError,
     {body("(server error)!!1</title>")},
     "https://cloud.google.com/load-balancing/docs/https/troubleshooting-ext-https-lbs"},
    {"azure-front-door",
     kCdn,
     kServerError,
     {body("our services aren't available right now")},
     "https://learn.microsoft.com/azure/frontdoor/troubleshoot-issues"},
    {"azure-front-door",
     kCdn,
     kServerError,
     {has("x-azure-externalerror")},
     "https://learn.microsoft.com/azure/frontdoor/troubleshoot-issues"},
    {"azure-app-service",
     kGateway,
     {403, 403},
     {body("error 403 - this web app is stopped.")},
     "https://learn.microsoft.com/azure/app-service/troubleshoot-http-502-http-503",
     {"destination_unavailable"}},
    {"heroku",
     kGateway,
     kServerError,
     {body("herokucdn.com/error-pages/")},
     "https://devcenter.heroku.com/articles/error-pages"},
    {"vercel", kCdn, kAnyError, {has("x-vercel-error")}, "https://vercel.com/docs/errors"},
    {"netlify",
     kCdn,
     kServerError,
     {server("netlify"), body("inactivity timeout")},
     "https://docs.netlify.com/routing/redirects/rewrites-proxies/",
     {"connection_read_timeout"}},
    {"railway",
     kGateway,
     kAnyError,
     {has("x-railway-fallback")},
     "https://docs.railway.com/reference/errors/application-failed-to-respond"},
    {"railway",
     kGateway,
     {502, 502},
     {body("\"message\":\"application failed to respond\""), body("\"request_id\":")},
     "https://docs.railway.com/reference/errors/application-failed-to-respond"},
    {"render", kGateway, kAnyError, {has("x-render-routing")}, "https://render.com/docs/troubleshooting-deploys"},
    {"digitalocean",
     kGateway,
     kServerError,
     {has("x-do-failure-code")},
     "https://docs.digitalocean.com/support/app-platform-error-codes/"},
    {"github-pages", kCdn, kServerError, {title("unicorn! &middot; github pages")}, "https://www.githubstatus.com/"},
    {"github-pages", kCdn, kServerError, {server("github.com"), body("unicorn!")}, "https://www.githubstatus.com/"},
    {"ngrok", kGateway, kAnyError, {has("ngrok-error-code")}, "https://ngrok.com/docs/errors"},
    {"cloudflared",
     kGateway,
     {502, 502},
     {body("unable to reach the origin service. the service may be down or it may not be responding to traffic from "
           "cloudflared")},
     "cloudflare/cloudflared ingress/origin_service.go and proxy/proxy.go",
     {"destination_unavailable", "cdn.origin-unreachable"}},
    {"kubernetes",
     kGateway,
     {404, 404},
     {body_is("default backend - 404")},
     "kubernetes/ingress-nginx images/custom-error-pages"},
};

}  // namespace

std::span<const Rule> platform_errors() {
  return kRules;
}

}  // namespace fix502::tables
