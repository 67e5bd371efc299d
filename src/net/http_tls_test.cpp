// TLS: what the greeting comes to, and what is known of the certificates in each case.

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "net/asking.hpp"
#include "net/certificates.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::kGood;
using test::Loopback;
using test::Peer;
using test::request_to;
using test::SelfSigned;

/// Makes this process trust these certificates while it lives.
class Trusting {
 public:
  explicit Trusting(std::initializer_list<const SelfSigned*> trusted)
      : path_(std::filesystem::temp_directory_path() / ("fix502-" + std::to_string(getpid()) + ".pem")) {
    FILE* file = std::fopen(path_.c_str(), "w");
    for (const auto* one : trusted) PEM_write_X509(file, one->certificate.get());
    std::fclose(file);
    setenv("SSL_CERT_FILE", path_.c_str(), 1);
  }
  ~Trusting() {
    unsetenv("SSL_CERT_FILE");
    std::filesystem::remove(path_);
  }
  Trusting(const Trusting&) = delete;
  Trusting& operator=(const Trusting&) = delete;

 private:
  std::filesystem::path path_;
};

struct GreetingCase {
  const char* situation;
  std::string bytes;
  enum { close, reset, stall } then;
  Failure failure;
  int alert;
};
const GreetingCase kGreetings[] = {
    {"closed", "", GreetingCase::close, Failure::tls_closed, -1},
    {"reset", "", GreetingCase::reset, Failure::tls_reset, -1},
    {"silent", "", GreetingCase::stall, Failure::tls_timeout, -1},
    {"plain HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", GreetingCase::close, Failure::tls_not_tls, -1},
    {"SSH", "SSH-2.0-OpenSSH\r\n", GreetingCase::stall, Failure::tls_not_tls, -1},
    {"handshake_failure", std::string("\x15\x03\x03\0\2\2\x28", 7), GreetingCase::stall, Failure::tls_alert, 40},
    {"protocol_version", std::string("\x15\x03\x03\0\2\2\x46", 7), GreetingCase::stall, Failure::tls_version, 70},
    {"unrecognized_name", std::string("\x15\x03\x03\0\2\2\x70", 7), GreetingCase::stall, Failure::tls_alert, 112},
    {"close_notify", std::string("\x15\x03\x03\0\2\1\0", 7), GreetingCase::close, Failure::tls_closed, -1},
};

TEST(HttpTls, SaysHowAGreetingFails) {
  for (const auto& row : kGreetings) {
    const Loopback server([&](Peer& peer) {
      char hello[4096];
      recv(peer.socket(), hello, sizeof hello, 0);
      peer.send(row.bytes);
      if (row.then == GreetingCase::reset) peer.reset();
      if (row.then == GreetingCase::stall) peer.stall();
    });
    HttpRequest request = request_to(server, "https");
    if (row.failure == Failure::tls_timeout) request.connect_timeout = 150ms;
    const HttpExchange seen = ask(std::move(request));
    EXPECT_EQ(to_word(seen.failure), to_word(row.failure)) << row.situation << ": " << seen.detail;
    EXPECT_EQ(seen.reached, Phase::tls) << row.situation;
    EXPECT_EQ(seen.alert, row.alert) << row.situation;
    EXPECT_EQ(seen.address, "127.0.0.1") << row.situation;
    EXPECT_TRUE(seen.times.connect) << row.situation;
  }
}

TEST(HttpTls, TellsVersionsApart) {
  const SelfSigned identity("DNS:shop.example");
  const auto old = identity.server();
  SSL_CTX_set_security_level(old.get(), 0);
  SSL_CTX_set_min_proto_version(old.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old.get(), TLS1_1_VERSION);
  const Loopback server([&](Peer& peer) {
    if (!peer.greet(old.get())) return;
    peer.read_head();
    peer.send(kGood);
  });
  HttpRequest request = request_to(server, "https");
  request.verify_certificate = false;
  EXPECT_EQ(to_word(ask(request).failure), "tls_version");
  request.client.tls = ClientProfile::Tls::any;
  const HttpExchange seen = ask(request);
  EXPECT_EQ(seen.failure, Failure::none) << seen.detail;
  EXPECT_EQ(seen.tls_version, "TLSv1.1");
}

struct CertificateCase {
  const char* situation;
  const SelfSigned* identity;
  bool trusted;
  Failure failure;
  int verify_error;
};

TEST(HttpTls, JudgesCertificatesAndShowsThemInAnyCase) {
  const SelfSigned good("DNS:shop.example,DNS:*.shop.example,IP:127.0.0.1");
  const SelfSigned expired("DNS:shop.example", -10, -1);
  const SelfSigned early("DNS:shop.example", 2, 10);
  const SelfSigned foreign("DNS:other.example");
  const SelfSigned unknown("DNS:shop.example");
  const SelfSigned foreign_expired("DNS:other.example", -10, -1);
  const CertificateCase cases[] = {
      {"good", &good, true, Failure::none, 0},
      {"expired", &expired, true, Failure::cert_expired, X509_V_ERR_CERT_HAS_EXPIRED},
      {"early", &early, true, Failure::cert_not_yet_valid, X509_V_ERR_CERT_NOT_YET_VALID},
      {"for another name", &foreign, true, Failure::cert_name, X509_V_ERR_HOSTNAME_MISMATCH},
      {"of nobody", &unknown, false, Failure::cert_issuer, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
      {"everything", &foreign_expired, true, Failure::cert_name, X509_V_ERR_HOSTNAME_MISMATCH},
  };
  for (const auto& row : cases) {
    const Trusting trust{row.trusted ? row.identity : &good};
    const auto context = row.identity->server();
    const Loopback server([&](Peer& peer) {
      if (!peer.greet(context.get())) return;
      peer.read_head();
      peer.send(kGood);
    });
    HttpRequest request = request_to(server, "https");
    for (const bool verify : {true, false}) {
      request.verify_certificate = verify;
      const HttpExchange seen = ask(request);
      EXPECT_EQ(to_word(seen.failure), to_word(verify ? row.failure : Failure::none))
          << row.situation << ": " << seen.detail;
      EXPECT_EQ(seen.verify_error, row.verify_error) << row.situation;
      ASSERT_EQ(seen.chain.size(), 1U) << row.situation;
      EXPECT_EQ(seen.chain[0].subject, "CN=lab");
      EXPECT_FALSE(seen.chain[0].names.empty());
      EXPECT_TRUE(seen.chain[0].not_before && seen.chain[0].not_after);
      EXPECT_EQ(seen.status.has_value(), !verify || row.failure == Failure::none) << row.situation;
    }
  }
}

TEST(HttpTls, TakesAnAddressAsAName) {
  const SelfSigned named("DNS:shop.example"), addressed("IP:127.0.0.1");
  const Trusting trust{&named, &addressed};
  for (const auto* identity : {&named, &addressed}) {
    const auto context = identity->server();
    const Loopback server([&](Peer& peer) {
      if (!peer.greet(context.get())) return;
      peer.read_head();
      peer.send(kGood);
    });
    HttpRequest request = request_to(server, "https");
    request.url = server.url("https", "127.0.0.1");
    const HttpExchange seen = ask(request);
    EXPECT_EQ(to_word(seen.failure), identity == &addressed ? "none" : "cert_name") << seen.detail;
    EXPECT_EQ(seen.verify_error, identity == &addressed ? 0 : X509_V_ERR_IP_ADDRESS_MISMATCH);
  }
}

TEST(HttpTls, SendsTheServerNameItIsTold) {
  const SelfSigned identity("DNS:shop.example");
  const auto context = identity.server();
  std::string name, host;
  const Loopback server([&](Peer& peer) {
    if (!peer.greet(context.get())) return;
    const char* asked = SSL_get_servername(peer.ssl(), TLSEXT_NAMETYPE_host_name);
    name = asked ? asked : "(none)";
    host = peer.read_head();
    peer.send(kGood);
  });
  struct Row {
    std::string sni, expect;
  };
  for (const auto& row : {Row{"", "shop.example"}, Row{"-", "(none)"}, Row{"other.example", "other.example"}}) {
    HttpRequest request = request_to(server, "https");
    request.verify_certificate = false;
    request.sni = row.sni;
    EXPECT_EQ(ask(request).failure, Failure::none);
    EXPECT_EQ(name, row.expect);
    EXPECT_TRUE(host.contains("Host: shop.example:")) << host;
  }
}

TEST(HttpTls, NoticesThatAClientCertificateIsWanted) {
  const SelfSigned identity("DNS:shop.example");
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto context = identity.server();
    SSL_CTX_set_max_proto_version(context.get(), version);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    const Loopback server([&](Peer& peer) {
      if (!peer.greet(context.get())) peer.stall();
    });
    HttpRequest request = request_to(server, "https");
    request.verify_certificate = false;
    const HttpExchange seen = ask(std::move(request));
    EXPECT_EQ(to_word(seen.failure), "tls_alert") << seen.detail;
    EXPECT_EQ(seen.alert, version == TLS1_2_VERSION ? 40 : 116);
  }
}

TEST(HttpTls, KeepsWhatItKnowsOfAKeptConnection) {
  const SelfSigned identity("DNS:shop.example");
  const Trusting trust{&identity};
  const auto context = identity.server();
  const Loopback server([&](Peer& peer) {
    if (!peer.greet(context.get())) return;
    while (!peer.read_head().empty()) peer.send(kGood);
  });
  HttpRequest request = request_to(server, "https");
  request.session = 1;
  const auto seen = test::ask_all({request, request});
  EXPECT_EQ(seen[1].request_on_connection, 2);
  EXPECT_EQ(seen[1].chain, seen[0].chain);
  EXPECT_EQ(seen[1].tls_version, "TLSv1.3");
  EXPECT_TRUE(seen[0].times.tls && !seen[1].times.tls);
}

TEST(Certificates, RankWhatIsWrong) {
  EXPECT_EQ(gravest({}), 0);
  EXPECT_EQ(gravest({10, 62, 20, 21}), 20);
  EXPECT_EQ(gravest({10, 62}), 62);
  EXPECT_EQ(gravest({20, 23}), 23);
}

}  // namespace
}  // namespace fix502
