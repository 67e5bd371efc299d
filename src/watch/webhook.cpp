#include "watch/webhook.hpp"

#include <fmt/format.h>

#include "watch/look.hpp"

namespace fix502 {
namespace {

constexpr Milliseconds kWhole{10'000};

Task<std::vector<std::string>> addresses_of(Net& net, std::string host) {
  if (is_ipv4(host) || is_ipv6(host)) co_return std::vector<std::string>{host};
  const SystemLookup found = co_await net.lookup(std::move(host), kLookup);
  co_return found.addresses;
}

}  // namespace

Task<Result<void>> post_webhook(Net& net, const Host& host, Target to, std::string json) {
  HttpRequest request;
  request.url = to.url;
  request.method = "POST";
  request.data = std::move(json);
  request.client.id = "webhook";
  request.client.user_agent = "fix502/" FIX502_VERSION;
  request.headers = {{"Content-Type", "application/json"}};
  request.timeout = kWhole;
  request.max_body = 4'096;
  (void)host.proxy_settings(to, request.proxy);
  const auto proxy = parse_target(request.proxy);
  if (!request.proxy.empty() && !proxy) co_return fail("the webhook's proxy is no web address", to.host);
  auto& addresses = proxy ? request.proxy_addresses : request.addresses;
  const std::string peer = proxy ? proxy->host : to.host;
  addresses = co_await addresses_of(net, peer);
  if (addresses.empty()) co_return fail("the webhook's host has no address", to.host);
  const HttpExchange seen = co_await net.http(std::move(request));
  if (seen.failure != Failure::none)
    co_return fail(fmt::format("the webhook was not reached: {}", sentence(seen.failure)), to.host);
  if (!seen.status || *seen.status < 200 || *seen.status > 299)
    co_return fail(fmt::format("the webhook answered {}", seen.status.value_or(0)), to.host);
  co_return Result<void>{};
}

}  // namespace fix502
