#include "experiment/machine.hpp"

namespace fix502 {
namespace {

/// Options beat the machine's settings (product.md).
ProxySettings effective_proxy(const Run& run, std::string& with_credentials) {
  ProxySettings proxy;
  if (run.settings.no_proxy) {
    proxy.source = "option --no-proxy";
  } else if (!run.settings.proxy.empty()) {
    proxy.proxy = run.settings.proxy;
    proxy.source = "option --proxy";
    with_credentials = run.settings.proxy_url;
  } else {
    proxy = run.host.proxy_settings(run.target, with_credentials);
  }
  return proxy;
}

}  // namespace

void look_at_machine(Run& run) {
  run.note("machine", run.host.interfaces());
  run.resolver = run.host.resolver_config();
  run.note("machine", run.resolver);
  if (!run.target.host_is_address) run.note("machine", run.host.hosts_entry(run.target.host));
  run.proxy = effective_proxy(run, run.proxy_url);
  run.note("machine", run.proxy);
}

}  // namespace fix502
