#include "headless/reader.hpp"

#include <algorithm>

namespace fix502 {

bool is_redirect_status(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string error_name(const std::string& text) {
  constexpr std::string_view kPrefix = "Error: ";
  std::string name = text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : text;
  const bool known = name.starts_with("NS_") || name.starts_with("SEC_") || name.starts_with("SSL_") ||
                     name.starts_with("MOZILLA_") || name.starts_with("net::");
  return known ? name : std::string{};
}

}  // namespace fix502
