#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "faulty/config.hpp"

namespace fix502::faulty {

struct FreeContext {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
struct FreeSsl {
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeContext>;
using Ssl = std::unique_ptr<SSL, FreeSsl>;

/// What one greeting told us, and which fault it earns. The connection's SSL object points to it while they greet.
struct Greeted {
  std::string sni;
  const Greeting* fault = nullptr;
};

/// The server side of TLS for one listener. Borrowed by its connections; does not move.
class TlsServer {
 public:
  [[nodiscard]] static Result<std::unique_ptr<TlsServer>> make(const Tls& spec);

  [[nodiscard]] Ssl open(Greeted& greeted) const;
  /// A fault that strikes before the ClientHello is read.
  [[nodiscard]] const Greeting* at_connect() const;

 private:
  explicit TlsServer(const Tls& spec) : spec_(spec) {}
  static int on_hello(SSL* ssl, int* alert, void* self);
  static int on_alpn(SSL* ssl, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                     unsigned offered_size, void* self);
  [[nodiscard]] Result<void> configure();

  Tls spec_;
  TlsContext context_;
  std::vector<TlsContext> named_;  // parallel to spec_.names
};

/// A client's context for an edge's way to its origin.
[[nodiscard]] Result<TlsContext> make_client_context(const OriginTls& spec);

/// "shop.example" and "*.example" (anything below), without regard to case or a final dot.
[[nodiscard]] bool name_matches(std::string_view pattern, std::string_view name);
[[nodiscard]] bool any_name_matches(const std::vector<std::string>& patterns, std::string_view name);

}  // namespace fix502::faulty
