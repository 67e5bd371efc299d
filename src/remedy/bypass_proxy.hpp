#pragma once

#include <string>
#include <string_view>

#include "remedy/work.hpp"

namespace fix502 {

/// What is known of the proxy's settings where they are.
struct ProxyPlace {
  std::string source;      ///< ProxySettings::source: "environment https_proxy", "GNOME", "KDE"
  std::string exceptions;  ///< as they are: no_proxy's value, gsettings' ignore-hosts
  std::string file;        ///< the file to write: environment.d's drop-in, or kioslaverc
  std::string text;        ///< what it holds; may be empty
};

/// The host is excepted where the proxy is set. environment.d(5) counts from the next login on.
[[nodiscard]] Work bypass_proxy(const ProxyPlace& place, std::string_view host);

/// no_proxy with the host added.
[[nodiscard]] std::string no_proxy_with(std::string_view no_proxy, std::string_view host);

}  // namespace fix502
