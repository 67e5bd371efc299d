#include "net/tls_watch.hpp"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "net/certificates.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr std::array<unsigned char, 3> kOnlyHttp2 = {2, 'h', '2'};  // RFC 7301 3.1: length, name

int context_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

/// Notes the complaint and goes on, so that all of them are heard; `on_certificate` decides afterwards.
int on_complaint(int accepted, X509_STORE_CTX* store) {
  if (accepted == 0) {
    auto& errors = *static_cast<std::vector<int>*>(X509_STORE_CTX_get_app_data(store));
    errors.push_back(X509_STORE_CTX_get_error(store));
  }
  return 1;
}

/// Whether c_rehash(1) has been there: names like "5ed36f99.0".
bool is_hashed(const char* folder) {
  std::error_code error;
  const std::filesystem::directory_iterator files(folder, error);
  return std::ranges::any_of(files, [](const auto& file) { return file.path().extension() == ".0"; });
}

bool names_another(const char* variable, const char* usual) {
  const char* const path = std::getenv(variable);
  std::error_code error;
  return path && !std::filesystem::equivalent(path, usual, error);
}

void expect_host(X509_STORE_CTX* store, const std::string& host, bool names_only) {
  X509_VERIFY_PARAM* expected = X509_STORE_CTX_get0_param(store);
  if (names_only) {  // nginx, HAProxy and Apache call X509_check_host(3) with whatever they have
    X509_VERIFY_PARAM_set1_host(expected, host.c_str(), host.size());
    return;
  }
  // As browsers: names only from the alternative names, whole labels only (RFC 9525 6.3).
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (is_ipv4(host) || is_ipv6(host))
    X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str());
  else
    X509_VERIFY_PARAM_set1_host(expected, host.c_str(), host.size());
}

}  // namespace

TrustStore system_trust() {
  TrustStore store(X509_STORE_new());
  if (!store) return store;
  const bool told = names_another(X509_get_default_cert_file_env(), X509_get_default_cert_file()) ||
                    names_another(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
  // A folder is looked into when an issuer is wanted; the file with all of them takes 60 ms to read.
  const char* const folder = X509_get_default_cert_dir();
  X509_LOOKUP* const lookup =
      !told && is_hashed(folder) ? X509_STORE_add_lookup(store.get(), X509_LOOKUP_hash_dir()) : nullptr;
  if (!lookup || X509_LOOKUP_add_dir(lookup, folder, X509_FILETYPE_PEM) != 1) X509_STORE_set_default_paths(store.get());
  // An authority in the middle of a chain may be the one that is trusted, as curl has it.
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  return store;
}

bool TlsWatch::prepare(SSL_CTX* context, TlsOrder order, X509_STORE* trust) {
  *this = TlsWatch{};
  order_ = std::move(order);
  if (SSL_CTX_set_ex_data(context, context_index(), this) != 1) return false;
  if (trust) SSL_CTX_set1_cert_store(context, trust);
  SSL_CTX_set_info_callback(context, on_state);
  // Always called, even where the outcome is not to matter: the chain is wanted either way.
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context, on_certificate, this);
  // Browsers take a connection's end without close_notify for its end; a length or a last chunk tells truncation.
  SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
  if (order_.old_versions) {
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
  }
  // SSL_CTX_set_alpn_protos answers 0 for success.
  return !order_.only_http2 || SSL_CTX_set_alpn_protos(context, kOnlyHttp2.data(), kOnlyHttp2.size()) == 0;
}

void TlsWatch::on_state(const SSL* ssl, int where, int value) {
  auto* watch = static_cast<TlsWatch*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), context_index()));
  if (!watch) return;
  // The info callback has the connection as const, though it is ours to change before the ClientHello is made.
  if (where & SSL_CB_HANDSHAKE_START && !watch->ssl_) watch->start(const_cast<SSL*>(ssl));
  if (watch->ssl_ != ssl) return;
  if (where & SSL_CB_HANDSHAKE_DONE && !watch->finished) watch->finish(ssl);
  const int description = value & 0xFF;
  // RFC 8446 6.1: close_notify and user_canceled say goodbye, they refuse nothing.
  const bool goodbye = description == SSL_AD_CLOSE_NOTIFY || description == SSL_AD_USER_CANCELLED;
  if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && !goodbye) watch->alert = description;
}

void TlsWatch::start(SSL* ssl) {
  ssl_ = ssl;
  started = true;
  started_at = std::chrono::steady_clock::now();
  if (order_.sni == "-")
    SSL_set_tlsext_host_name(ssl, nullptr);
  else if (!order_.sni.empty())
    SSL_set_tlsext_host_name(ssl, order_.sni.c_str());
}

void TlsWatch::finish(const SSL* ssl) {
  finished = true;
  finished_at = std::chrono::steady_clock::now();
  version = SSL_get_version(ssl);
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl, &name, &size);
  http2 = size == 2 && name[0] == 'h' && name[1] == '2';
}

int TlsWatch::on_certificate(X509_STORE_CTX* store, void* self) {
  auto& watch = *static_cast<TlsWatch*>(self);
  std::vector<int> errors;
  X509_STORE_CTX_set_app_data(store, &errors);
  X509_STORE_CTX_set_verify_cb(store, on_complaint);
  expect_host(store, watch.order_.host, watch.order_.names_only);
  watch.chain = read_chain(X509_STORE_CTX_get0_cert(store), X509_STORE_CTX_get0_untrusted(store));
  // A failure without a reason is one all the same.
  if (X509_verify_cert(store) <= 0) errors.push_back(std::max(X509_STORE_CTX_get_error(store), X509_V_ERR_UNSPECIFIED));
  X509_STORE_CTX_set_app_data(store, nullptr);
  if (watch.order_.counts) std::erase_if(errors, [&](int error) { return !watch.order_.counts(error); });
  watch.verify_error = gravest(errors);
  const bool accepted = watch.verify_error == X509_V_OK || !watch.order_.verify;
  // The alert that OpenSSL sends is made from this.
  X509_STORE_CTX_set_error(store, accepted ? X509_V_OK : watch.verify_error);
  return accepted ? 1 : 0;
}

}  // namespace fix502
