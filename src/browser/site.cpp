#include "browser/site.hpp"

#include <libpsl.h>

#include "target/target.hpp"

namespace fix502 {

std::string registrable_domain(std::string_view host) {
  const std::string name(host);
  if (is_ipv4(host) || is_ipv6(host)) return name;
  // The list that comes with the library: current enough, and no file to read.
  const char* domain = psl_registrable_domain(psl_builtin(), name.c_str());
  return domain == nullptr ? name : std::string(domain);
}

std::string site_of(const Target& page) {
  return page.scheme + "://" + bracketed(registrable_domain(page.host));
}

bool is_same_site(std::string_view host, std::string_view other) {
  return registrable_domain(host) == registrable_domain(other);
}

}  // namespace fix502
