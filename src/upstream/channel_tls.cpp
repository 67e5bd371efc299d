// TLS towards an upstream as the gateway's configuration has it.

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/text.hpp"
#include "target/target.hpp"
#include "upstream/channel.hpp"

namespace fix502 {
namespace {

struct VersionRow {
  std::string_view word;
  int number;
};
constexpr VersionRow kVersions[] = {
    {"sslv3", SSL3_VERSION},     {"tlsv1", TLS1_VERSION},     {"tlsv1.0", TLS1_VERSION},
    {"tlsv1.1", TLS1_1_VERSION}, {"tlsv1.2", TLS1_2_VERSION}, {"tlsv1.3", TLS1_3_VERSION},
};

int version_number(std::string_view word) {
  const std::string small = lower(word);
  const auto* row = std::ranges::find(kVersions, small, &VersionRow::word);
  return row == std::end(kVersions) ? 0 : row->number;
}

bool is_folder(const std::string& path) {
  struct stat about{};
  return stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

TrustStore trust_of(const UpstreamTls& tls, std::string& trouble) {
  if (tls.trusted_file.empty()) return system_trust();
  TrustStore store(X509_STORE_new());
  const bool folder = is_folder(tls.trusted_file);
  const char* const path = tls.trusted_file.c_str();
  if (!store || (folder ? X509_STORE_load_path(store.get(), path) : X509_STORE_load_file(store.get(), path)) != 1)
    trouble = "the file of authorities cannot be read: " + tls.trusted_file;
  return store;
}

bool counts(const UpstreamTls& tls, int error) {
  if (error == X509_V_ERR_HOSTNAME_MISMATCH || error == X509_V_ERR_IP_ADDRESS_MISMATCH) return tls.verify_name;
  const bool date = error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID;
  return tls.verify || (date && tls.verify_dates);
}

/// RFC 7301 3.1: each after its length.
std::string alpn_list(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names)
    if (!name.empty() && name.size() < 256) list.append(1, static_cast<char>(name.size())).append(name);
  return list;
}

void use_versions(SSL_CTX* context, const UpstreamTls& tls) {
  const int lowest = version_number(tls.min_version), highest = version_number(tls.max_version);
  if (lowest > 0) SSL_CTX_set_min_proto_version(context, lowest);
  if (highest > 0) SSL_CTX_set_max_proto_version(context, highest);
}

}  // namespace

std::string use_tls(boost::asio::ssl::context& context, TlsWatch& watch, const UpstreamTls& tls,
                    const std::string& host, bool old_and_weak) {
  std::string trouble;
  SSL_CTX* const raw = context.native_handle();
  const TrustStore trust = trust_of(tls, trouble);
  TlsOrder order{.host = tls.name.empty() ? host : tls.name,
                 .sni = tls.sni.empty() || is_ipv4(tls.sni) || is_ipv6(tls.sni) ? "-" : tls.sni,
                 .old_versions = old_and_weak,
                 .counts = [tls](int error) { return counts(tls, error); },
                 .names_only = tls.names_only};
  if (!watch.prepare(raw, std::move(order), trust.get())) trouble = "OpenSSL takes no settings";
  use_versions(raw, tls);
  if (old_and_weak) SSL_CTX_set_cipher_list(raw, "ALL:@SECLEVEL=0");
  if (!tls.ciphers.empty() && !old_and_weak && SSL_CTX_set_cipher_list(raw, tls.ciphers.c_str()) != 1)
    trouble = "OpenSSL knows none of the ciphers: " + tls.ciphers;
  const std::string& key = tls.key.empty() ? tls.certificate : tls.key;
  if (!tls.certificate.empty() && (SSL_CTX_use_certificate_chain_file(raw, tls.certificate.c_str()) != 1 ||
                                   SSL_CTX_use_PrivateKey_file(raw, key.c_str(), SSL_FILETYPE_PEM) != 1))
    trouble = "the client's certificate or its key cannot be read: " + tls.certificate;
  const std::string alpn = alpn_list(tls.alpn);
  if (!alpn.empty())
    SSL_CTX_set_alpn_protos(raw, reinterpret_cast<const unsigned char*>(alpn.data()),
                            static_cast<unsigned>(alpn.size()));
  ERR_clear_error();
  return printable(trouble, 200);
}

}  // namespace fix502
