// The texts by which a machine says how names are resolved and which proxy is used; parts are cut at NUL bytes.
#include "fuzz.hpp"
#include "sys/proxy_rules.hpp"
#include "sys/resolver_files.hpp"

FUZZ(input) {
  using namespace fix502;
  const std::string_view text = fuzz::take(input, '\0');
  fuzz::promise(parse_resolv_conf(text).nameservers.size() <= 3);
  static_cast<void>(parse_nsswitch(text));
  static_cast<void>(parse_hosts(text, "shop.example"));

  const Target target = *parse_target("https://shop.example/");
  const std::string value(fuzz::take(input, '\0'));
  const Environment environment = {{"https_proxy", value}, {"no_proxy", std::string(input)}};
  for (const ProxyChoice& choice :
       {proxy_of_environment(environment, "https"), proxy_of_gnome(text, "https"), proxy_of_kde(text, "https")}) {
    std::string proxy_url;
    const ProxySettings settings = settle_proxy(choice, target, proxy_url);
    fuzz::promise(settings.proxy.empty() || settings.proxy.find('@') == std::string::npos);
  }
  static_cast<void>(proxy_bypassed(input, "shop.example", 443));
  static_cast<void>(proxy_bypassed(input, "2001:db8::1", 443));
}
