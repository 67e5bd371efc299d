#pragma once

// The two messages of io.systemd.Resolve that are spoken here: JSON that ends with a NUL (https://varlink.org). Pure.

#include <string>
#include <string_view>
#include <vector>

#include "observation/resolver_cache.hpp"

namespace fix502 {

/// ResolveHostname that may use the cache and must not use the network. `family`: AF_INET or AF_INET6.
[[nodiscard]] std::string resolved_question(const std::string& name, int family);

struct ResolvedAnswer {
  Cached cached = Cached::unknown;  ///< unknown: the bytes are no answer
  std::vector<std::string> addresses;
};
[[nodiscard]] ResolvedAnswer read_resolved_answer(std::string_view bytes);

}  // namespace fix502
