#pragma once

// What OpenSSL knows and curl does not pass on: alerts with their numbers, the peer's certificates even where they were
// not accepted, and why they were not.

#include <openssl/ssl.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/net.hpp"

namespace fix502 {

struct FreeTrust {
  void operator()(X509_STORE* store) const noexcept { X509_STORE_free(store); }
};
/// The authorities that this machine trusts; SSL_CERT_FILE and SSL_CERT_DIR are honoured.
using TrustStore = std::unique_ptr<X509_STORE, FreeTrust>;
[[nodiscard]] TrustStore system_trust();

/// What one TLS greeting should do.
struct TlsOrder {
  std::string host;  ///< the certificate must be for this name or address
  std::string sni;   ///< empty: what curl sends; "-": none
  bool verify = true;
  bool old_versions = false;  ///< TLS 1.0, 1.1 and their ciphers as well
  bool only_http2 = false;    ///< ALPN offers nothing but h2
  /// Which complaints about the certificate matter (X509_V_ERR_*), beside `verify`; empty: all.
  std::function<bool(int error)> counts = {};
  /// As gateways compare: an address among the certificate's names does not count, the subject's common name does.
  bool names_only = false;
};

/// How the last greeting on a connection went. The connection's context points here: it must outlive the connection.
class TlsWatch {
 public:
  /// Called with the context of each new connection, before its greeting.
  [[nodiscard]] bool prepare(SSL_CTX* context, TlsOrder order, X509_STORE* trust);

  bool started = false;
  bool finished = false;
  std::string version;  ///< "TLSv1.3"
  bool http2 = false;   ///< agreed by ALPN
  int alert = -1;       ///< received, RFC 8446 6
  int verify_error = 0;
  std::vector<Certificate> chain;
  std::chrono::steady_clock::time_point started_at{};
  std::chrono::steady_clock::time_point finished_at{};

 private:
  static void on_state(const SSL* ssl, int where, int value);
  static int on_certificate(X509_STORE_CTX* store, void* self);
  void start(SSL* ssl);
  void finish(const SSL* ssl);

  const SSL* ssl_ = nullptr;  // whose greeting this is; an older connection's goodbye is not ours
  TlsOrder order_;
};

}  // namespace fix502
