#include <algorithm>

#include "cli/fix.hpp"

namespace fix502 {

const std::vector<Fixer>& fixers() {
  // clang-format off
  static const std::vector<Fixer> kFixers = {
      {"flush-dns", true, prepare_flush_dns},
      {"clear-cache", true, prepare_clear_cache},
      {"clear-cookies", true, prepare_clear_cookies},
      {"unregister-worker", true, prepare_unregister_worker},
      {"unpin-hosts", true, prepare_unpin_hosts},
      {"bypass-proxy", true, prepare_bypass_proxy},
      {"prefer-ipv4", true, prepare_prefer_ipv4},
      {"custom-dns", false, prepare_custom_dns},
      {"login-portal", false, prepare_login_portal},
  };
  // clang-format on
  return kFixers;
}

const Fixer* find_fixer(std::string_view remedy) {
  const auto found = std::ranges::find(fixers(), remedy, &Fixer::remedy);
  return found == fixers().end() ? nullptr : &*found;
}

}  // namespace fix502
