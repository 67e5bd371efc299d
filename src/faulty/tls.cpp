#include "faulty/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>

namespace fix502::faulty {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
struct FreeX509 {
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
using Certificate = std::unique_ptr<X509, FreeX509>;

constexpr std::pair<std::string_view, int> kVersions[] = {
    {"1.0", TLS1_VERSION}, {"1.1", TLS1_1_VERSION}, {"1.2", TLS1_2_VERSION}, {"1.3", TLS1_3_VERSION}};

Result<int> parse_version(const std::string& text) {
  for (const auto& [name, value] : kVersions)
    if (name == text) return value;
  return fail("a TLS version is 1.0, 1.1, 1.2 or 1.3", text);
}

Bio over(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Result<void> use_identity(SSL_CTX* context, const Identity& identity) {
  if (identity.certificate.empty()) return {};
  const Bio chain = over(identity.certificate);
  const Certificate leaf(PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr));
  if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1) return fail("not a PEM certificate");
  while (X509* issuer = PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr))
    SSL_CTX_add0_chain_cert(context, issuer);
  const Bio text = over(identity.key);
  const std::unique_ptr<EVP_PKEY, FreeKey> key(PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (!key || SSL_CTX_use_PrivateKey(context, key.get()) != 1) return fail("not a PEM key that fits the certificate");
  return {};
}

Result<void> use_versions(SSL_CTX* context, const std::string& lowest, const std::string& highest) {
  const auto low = parse_version(lowest);
  const auto high = parse_version(highest);
  if (!low) return std::unexpected(low.error());
  if (!high) return std::unexpected(high.error());
  SSL_CTX_set_min_proto_version(context, *low);
  SSL_CTX_set_max_proto_version(context, *high);
  // OpenSSL 3 has TLS below 1.2 at security level 0 only.
  if (*low < TLS1_2_VERSION) SSL_CTX_set_security_level(context, 0);
  return {};
}

Result<void> trust(SSL_CTX* context, const std::string& pem) {
  const Bio text = over(pem);
  int count = 0;
  for (;; ++count) {
    const Certificate authority(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
    if (!authority) break;
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get());
  }
  ERR_clear_error();
  if (count == 0) return fail("no PEM certificate of an authority");
  return {};
}

/// The server name in a ClientHello, RFC 6066 3.
std::string sni_of(SSL* ssl) {
  const unsigned char* data = nullptr;
  std::size_t size = 0;
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &data, &size) != 1 || size < 5) return {};
  const std::size_t length = std::size_t{data[3]} * 256 + data[4];
  if (data[2] != TLSEXT_NAMETYPE_host_name || size < 5 + length) return {};
  return std::string(reinterpret_cast<const char*>(data) + 5, length);
}

bool strikes(const Greeting& greeting, const std::string& sni) {
  if (greeting.no_sni) return sni.empty();
  if (!greeting.sni.empty()) return !sni.empty() && any_name_matches(greeting.sni, sni);
  if (!greeting.not_sni.empty()) return !any_name_matches(greeting.not_sni, sni);
  return true;
}

std::string plain_name(std::string_view name) {
  std::string plain(name);
  std::ranges::transform(plain, plain.begin(), [](unsigned char letter) { return std::tolower(letter); });
  if (plain.ends_with('.') && plain.size() > 1) plain.pop_back();
  return plain;
}

}  // namespace

bool name_matches(std::string_view pattern, std::string_view name) {
  const std::string wanted = plain_name(pattern);
  const std::string given = plain_name(name);
  if (wanted == "*") return true;
  if (wanted.starts_with("*.")) return given.ends_with(wanted.substr(1)) && given.size() > wanted.size() - 1;
  return wanted == given;
}

bool any_name_matches(const std::vector<std::string>& patterns, std::string_view name) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) { return name_matches(pattern, name); });
}

Result<std::unique_ptr<TlsServer>> TlsServer::make(const Tls& spec) {
  std::unique_ptr<TlsServer> server(new TlsServer(spec));
  if (auto done = server->configure(); !done) return std::unexpected(done.error());
  return server;
}

Result<void> TlsServer::configure() {
  context_.reset(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = context_.get();
  if (auto done = use_versions(context, spec_.min_version, spec_.max_version); !done) return done;
  if (auto done = use_identity(context, spec_.identity); !done) return done;
  if (!spec_.ciphers.empty() && SSL_CTX_set_cipher_list(context, spec_.ciphers.c_str()) != 1)
    return fail("no such cipher", spec_.ciphers);
  if (!spec_.client_ca.empty()) {
    if (auto done = trust(context, spec_.client_ca); !done) return done;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  static constexpr unsigned char kSession[] = "faulty";
  SSL_CTX_set_session_id_context(context, kSession, sizeof(kSession) - 1);
  SSL_CTX_set_client_hello_cb(context, &TlsServer::on_hello, this);
  if (!spec_.alpn.empty()) SSL_CTX_set_alpn_select_cb(context, &TlsServer::on_alpn, this);
  for (const NamedIdentity& named : spec_.names) {
    named_.emplace_back(SSL_CTX_new(TLS_server_method()));
    if (auto done = use_identity(named_.back().get(), named.identity); !done) return done;
  }
  return {};
}

Ssl TlsServer::open(Greeted& greeted) const {
  Ssl ssl(SSL_new(context_.get()));
  SSL_set_app_data(ssl.get(), &greeted);
  SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(ssl.get());
  return ssl;
}

const Greeting* TlsServer::at_connect() const {
  const auto found = std::ranges::find_if(
      spec_.greetings, [](const Greeting& greeting) { return greeting.after == Greeting::After::connect; });
  return found == spec_.greetings.end() ? nullptr : &*found;
}

int TlsServer::on_hello(SSL* ssl, int* alert, void* self) {
  const auto& server = *static_cast<const TlsServer*>(self);
  auto& greeted = *static_cast<Greeted*>(SSL_get_app_data(ssl));
  greeted.sni = sni_of(ssl);
  for (const Greeting& greeting : server.spec_.greetings) {
    if (greeting.after == Greeting::After::connect || !strikes(greeting, greeted.sni)) continue;
    if (greeting.what == Greeting::Do::proceed) break;
    greeted.fault = &greeting;
    break;
  }
  for (std::size_t i = 0; i < server.named_.size(); ++i) {
    if (!any_name_matches(server.spec_.names[i].sni, greeted.sni)) continue;
    SSL_set_SSL_CTX(ssl, server.named_[i].get());
    break;
  }
  if (!greeted.fault || greeted.fault->after != Greeting::After::hello) return SSL_CLIENT_HELLO_SUCCESS;
  *alert = SSL_AD_INTERNAL_ERROR;  // never sent: the stream carries the fault out in its place
  return SSL_CLIENT_HELLO_ERROR;
}

int TlsServer::on_alpn(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                       unsigned offered_size, void* self) {
  const auto& server = *static_cast<const TlsServer*>(self);
  for (const std::string& ours : server.spec_.alpn) {
    for (unsigned at = 0; at < offered_size; at += 1u + offered[at]) {
      const std::string_view theirs(reinterpret_cast<const char*>(offered) + at + 1, offered[at]);
      if (theirs != ours) continue;
      *chosen = offered + at + 1;
      *chosen_size = offered[at];
      return SSL_TLSEXT_ERR_OK;
    }
  }
  return server.spec_.no_alpn_match_is_alert ? SSL_TLSEXT_ERR_ALERT_FATAL : SSL_TLSEXT_ERR_NOACK;
}

Result<TlsContext> make_client_context(const OriginTls& spec) {
  TlsContext context(SSL_CTX_new(TLS_client_method()));
  if (auto done = use_versions(context.get(), spec.min_version, spec.max_version); !done)
    return std::unexpected(done.error());
  if (!spec.ca.empty()) {
    if (auto done = trust(context.get(), spec.ca); !done) return std::unexpected(done.error());
  } else {
    SSL_CTX_set_default_verify_paths(context.get());
  }
  if (spec.verify) SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

}  // namespace fix502::faulty
