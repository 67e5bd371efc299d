// DNS over TLS against a server of our own, whose certificate is made here.

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/ssl/stream.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "fakes/name_server.hpp"
#include "net/await.hpp"
#include "net/dns_client.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct FreeKey {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};

/// A self-signed certificate for one name, good since yesterday and for `hours` to come.
struct Identity {
  std::unique_ptr<EVP_PKEY, FreeKey> key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  std::unique_ptr<X509, FreeCertificate> certificate{X509_new()};

  Identity(const std::string& name, long hours) {
    X509* raw = certificate.get();
    X509_set_version(raw, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(raw), 1);
    X509_gmtime_adj(X509_getm_notBefore(raw), -3600 * 24);
    X509_gmtime_adj(X509_getm_notAfter(raw), 3600 * hours);
    X509_set_pubkey(raw, key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(raw), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(raw, X509_get_subject_name(raw));
    const std::string names = "DNS:" + name;
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    X509_add_ext(raw, extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(raw, key.get(), EVP_sha256());
  }

  [[nodiscard]] std::string pem() const {
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(memory, certificate.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(memory);
    return text;
  }
};

enum class Manner { answers, closes_at_once, speaks_plain, is_silent, closes_after_greeting };

/// A DNS over TLS server for one connection.
asio::awaitable<void> serve(tcp::acceptor& acceptor, asio::ssl::context& context, Manner manner) {
  auto [error, socket] = co_await acceptor.async_accept(kAwait);
  if (error) co_return;
  std::string read(4096, '\0');
  char byte = 0;
  if (manner == Manner::closes_at_once) {
    // What is left unread would make the kernel reset the connection.
    co_await socket.async_read_some(asio::buffer(read), kAwait);
    co_return;
  }
  if (manner == Manner::speaks_plain) {
    co_await asio::async_write(socket, asio::buffer(std::string("220 mail.example ESMTP\r\n")), kAwait);
    co_await asio::async_read(socket, asio::buffer(&byte, 1), kAwait);
    co_return;
  }
  if (manner == Manner::is_silent) {
    while (!error) std::tie(error, std::ignore) = co_await socket.async_read_some(asio::buffer(&byte, 1), kAwait);
    co_return;
  }
  asio::ssl::stream<tcp::socket> stream(std::move(socket), context);
  const auto [greeting] = co_await stream.async_handshake(asio::ssl::stream_base::server, kAwait);
  if (greeting) co_return;
  if (manner == Manner::closes_after_greeting) {
    co_await stream.async_read_some(asio::buffer(read), kAwait);
    co_return;
  }
  unsigned char head[2] = {};
  co_await asio::async_read(stream, asio::buffer(head), kAwait);
  std::string sent(static_cast<std::size_t>(head[0]) << 8 | head[1], '\0');
  co_await asio::async_read(stream, asio::buffer(sent), kAwait);
  const std::string reply = fakes::reply_to(sent, {.answer = {"www.example. 60 IN A 192.0.2.1"}});
  const char length[] = {static_cast<char>(reply.size() >> 8), static_cast<char>(reply.size())};
  const std::string framed = std::string(length, 2) + reply;
  co_await asio::async_write(stream, asio::buffer(framed), kAwait);
}

DnsExchange ask_over_tls(const Identity& identity, const std::string& name, Manner manner, Milliseconds timeout) {
  asio::io_context io;
  asio::ssl::context context(asio::ssl::context::tls_server);
  SSL_CTX_use_certificate(context.native_handle(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context.native_handle(), identity.key.get());
  tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  asio::co_spawn(io, serve(acceptor, context, manner), asio::detached);
  DnsQuery query;
  query.server =
      "tls://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + (name.empty() ? "" : "#" + name);
  query.name = "www.example";
  query.timeout = timeout;
  DnsClient client(io.get_executor());
  DnsExchange result;
  asio::co_spawn(io, client.ask(query), [&](std::exception_ptr error, DnsExchange exchange) {
    EXPECT_FALSE(error);
    result = std::move(exchange);
  });
  io.run();
  return result;
}

/// SSL_CERT_FILE names the identity for as long as this lives.
class Trusted {
 public:
  explicit Trusted(const Identity& identity) {
    std::string name = (std::filesystem::temp_directory_path() / "fix502-trust-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    std::ofstream(folder_ / "ca.pem") << identity.pem();
    setenv("SSL_CERT_FILE", (folder_ / "ca.pem").c_str(), 1);
  }
  Trusted(const Trusted&) = delete;
  Trusted& operator=(const Trusted&) = delete;
  ~Trusted() {
    unsetenv("SSL_CERT_FILE");
    std::filesystem::remove_all(folder_);
  }

 private:
  std::filesystem::path folder_;
};

struct TlsCase {
  const char* what;
  std::string name;  // after the #
  bool trusted = false;
  long hours = 1;
  Manner manner = Manner::answers;
  Failure expect = Failure::none;
  Milliseconds timeout{20'000};
};

const TlsCase kTlsCases[] = {
    {"no name: encrypted, whoever it is", ""},
    {"the right name, trusted", "dns.example", true},
    {"nobody vouches for it", "dns.example", false, 1, Manner::answers, Failure::cert_issuer},
    {"another name", "other.example", true, 1, Manner::answers, Failure::cert_name},
    {"expired", "dns.example", true, -1, Manner::answers, Failure::cert_expired},
    {"closed in the greeting", "", false, 1, Manner::closes_at_once, Failure::tls_closed},
    {"a mail server", "", false, 1, Manner::speaks_plain, Failure::tls_not_tls},
    {"silent", "", false, 1, Manner::is_silent, Failure::tls_timeout, Milliseconds(60)},
    {"closed after the greeting", "", false, 1, Manner::closes_after_greeting, Failure::closed_early},
};

TEST(DnsOverTls, ChecksWhomItTalksTo) {
  for (const auto& row : kTlsCases) {
    const Identity identity("dns.example", row.hours);
    std::unique_ptr<Trusted> trusted;
    if (row.trusted) trusted = std::make_unique<Trusted>(identity);
    const auto exchange = ask_over_tls(identity, row.name, row.manner, row.timeout);
    EXPECT_EQ(to_word(exchange.failure), to_word(row.expect)) << row.what;
    EXPECT_EQ(exchange.transport, Transport::tls) << row.what;
    EXPECT_EQ(exchange.addresses().size(), row.expect == Failure::none ? 1U : 0U) << row.what;
  }
}

}  // namespace
}  // namespace fix502
