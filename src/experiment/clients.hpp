#pragma once

#include <vector>

#include "net/net.hpp"

namespace fix502 {

/// What a current browser sends: the baseline of every diagnosis.
[[nodiscard]] ClientProfile browser_client();

/// A way to be another client: one dimension of the browser changed, and its name.
struct ClientVariant {
  std::string_view dimension;  ///< "http-version", "user-agent", "encoding", "tls-version", "everything"
  std::string_view value;      ///< "HTTP/1.1"
  ClientProfile client;
  bool needs_tls = false;
};
[[nodiscard]] std::vector<ClientVariant> client_variants();
/// A plain script: everything that a browser does, left out.
[[nodiscard]] ClientVariant plain_client();

}  // namespace fix502
