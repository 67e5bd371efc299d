#pragma once

#include <string>
#include <string_view>

#include "target/target.hpp"

namespace fix502 {

/// The part of a host that one owner registers: "shop.example" of "www.shop.example" (https://publicsuffix.org). An
/// address, a single label and a public suffix stand for themselves.
[[nodiscard]] std::string registrable_domain(std::string_view host);

/// "http://shop.example", without port: what browsers keep apart from other sites.
[[nodiscard]] std::string site_of(const Target& page);

/// The same registrable domain, whatever the scheme and port.
[[nodiscard]] bool is_same_site(std::string_view host, std::string_view other);

}  // namespace fix502
