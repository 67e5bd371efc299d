#pragma once

// A server on loopback that does what a test tells it, byte by byte: one thread, one connection after the other.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace fix502::test {

/// One accepted connection.
class Peer {
 public:
  explicit Peer(int socket) : socket_(socket) {
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Peer() {
    if (ssl_) SSL_free(ssl_);
    if (socket_ >= 0) close(socket_);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  bool greet(SSL_CTX* context) {
    ssl_ = SSL_new(context);
    SSL_set_fd(ssl_, socket_);
    return SSL_accept(ssl_) == 1;
  }
  /// Whatever comes, up to the end of a request's head; empty: the peer has gone.
  std::string read_head() {
    std::string head;
    char c = 0;
    while (!head.ends_with("\r\n\r\n") && read_byte(c)) head += c;
    return head;
  }
  bool read_byte(char& c) { return ssl_ ? SSL_read(ssl_, &c, 1) == 1 : recv(socket_, &c, 1, 0) == 1; }
  bool send(std::string_view bytes) {
    if (ssl_) return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) > 0;
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// Closes with RST instead of FIN.
  void reset() {
    const linger now{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  /// Says nothing more until the other side has gone.
  void stall() {
    char c = 0;
    while (read_byte(c)) continue;
  }
  [[nodiscard]] int socket() const { return socket_; }
  [[nodiscard]] SSL* ssl() const { return ssl_; }

 private:
  int socket_;
  SSL* ssl_ = nullptr;
};

/// Listens on loopback and gives each connection to `serve`, in a thread of its own.
class Loopback {
 public:
  explicit Loopback(std::function<void(Peer&)> serve, int family = AF_INET) : serve_(std::move(serve)) {
    listener_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    address.ss_family = static_cast<sa_family_t>(family);
    if (family == AF_INET)
      reinterpret_cast<sockaddr_in&>(address).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
      reinterpret_cast<sockaddr_in6&>(address).sin6_addr = in6addr_loopback;
    bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    listen(listener_, SOMAXCONN);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Loopback() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int connections() const { return connections_; }
  [[nodiscard]] std::string url(std::string_view scheme, std::string_view host, std::string_view path = "/") const {
    return std::string(scheme) + "://" + std::string(host) + ":" + std::to_string(port_) + std::string(path);
  }

 private:
  void run() {
    while (true) {
      const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      ++connections_;
      Peer peer(socket);
      serve_(peer);
    }
  }

  std::function<void(Peer&)> serve_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::thread thread_;
};

struct FreeContext {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;

/// A key and a certificate that nobody vouches for but itself; days count from now.
struct SelfSigned {
  std::unique_ptr<EVP_PKEY, FreeKey> key;
  std::unique_ptr<X509, FreeCertificate> certificate;

  explicit SelfSigned(const std::string& names, int from_days = -1, int until_days = 30) {
    key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    certificate.reset(X509_new());
    X509* x509 = certificate.get();
    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), 86'400L * from_days);
    X509_gmtime_adj(X509_getm_notAfter(x509), 86'400L * until_days);
    X509_set_pubkey(x509, key.get());
    const auto* common = reinterpret_cast<const unsigned char*>("lab");
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC, common, -1, -1, 0);
    X509_set_issuer_name(x509, X509_get_subject_name(x509));
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(x509, key.get(), EVP_sha256());
  }

  [[nodiscard]] Context server() const {
    Context context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(context.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), key.get());
    return context;
  }
};

}  // namespace fix502::test
