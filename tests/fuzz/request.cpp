// What a client of `fix502 serve` sends: the request's target and Host on the first two lines, then a body.
#include "cli/serve_options.hpp"
#include "fuzz.hpp"
#include "serve/guards.hpp"
#include "serve/probe.hpp"

namespace {

const fix502::ServeOptions& for_others() {
  static const fix502::ServeOptions kOptions = [] {
    fix502::ServeOptions options;
    options.site.address = "0.0.0.0";
    return options;
  }();
  return kOptions;
}

// What may be asked of a server for others never reaches into its machine.
void promise_order(const fix502::Order& order) {
  using fix502::fuzz::promise;
  promise(order.settings.proxy_url.empty() && order.settings.browser_profiles.empty() && !order.settings.browser_cache);
  promise(order.settings.browsers == fix502::BrowserUse::never && order.settings.interface.empty() &&
          !order.settings.with_my_profile);
  promise(order.settings.max_requests >= 1 && order.settings.max_requests <= 200);
  promise(order.settings.timeout.count() >= 500 && order.settings.timeout.count() <= 120'000);
  for (const auto& argument : order.arguments) promise(argument.starts_with("-"));
}

}  // namespace

FUZZ(input) {
  using namespace fix502;
  using fuzz::promise;
  Request request;
  const std::string_view target = fuzz::take(input, '\n');
  const std::string_view host = fuzz::take(input, '\n');
  if (read_request_target(target, request)) {
    promise(request.path.starts_with('/') && !request.path.contains('\0'));
    static const ProbeModules kModules = ProbeModules::built_in();
    if (const ProbeModule* module = kModules.find(request.asked("module")))
      static_cast<void>(parse_probe_target(request.asked("target"), *module, request.asked("hostname")));
    std::vector<std::string> parts;
    static_cast<void>(fits("/api/remedies/{}/apply", request.path, parts));
  }
  const Guards guards{.port = 9502, .token = "0123456789abcdef"};
  request.method = "POST";
  request.fields = {{"host", std::string(host)}, {"origin", "http://" + std::string(host)}};
  if (!is_own_host(guards, host)) promise(is_cross_site(guards, request));
  static_cast<void>(parse_network(host));
  request.body = std::string(input);
  const auto body = read_body(request, {"url", "demo", "options"});
  if (!body || !body->contains("url") || !(*body)["url"].is_string()) return;
  const auto order =
      read_order(for_others(), (*body)["url"].get<std::string>(), body->value("options", Json::object()));
  if (order) promise_order(*order);
}
