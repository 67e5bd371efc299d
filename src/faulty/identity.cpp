#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "faulty/config.hpp"

namespace fix502::faulty {
namespace {

struct Free {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(X509_EXTENSION* extension) const noexcept { X509_EXTENSION_free(extension); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

/// RFC 5280 4.2.1.6: names are looked for in the subject's alternative names only.
bool add_names(X509* certificate, const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    const bool is_address = name.find_first_not_of("0123456789.") == name.npos || name.find(':') != name.npos;
    list += (list.empty() ? "" : ",") + std::string(is_address ? "IP:" : "DNS:") + name;
  }
  if (list.empty()) return true;
  const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, list.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

}  // namespace

Result<Identity> make_identity(const std::vector<std::string>& names, int from_days, int until_days) {
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<X509> certificate(X509_new());
  if (!key || !certificate) return fail("no key could be made");
  constexpr long kDay = 86400;  // seconds
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 502);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from_days * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until_days * kDay);
  X509_set_pubkey(certificate.get(), key.get());
  const std::string common = names.empty() ? "faulty" : names.front();
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common.data()),
                             static_cast<int>(common.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  if (!add_names(certificate.get(), names)) return fail("not a name for a certificate", common);
  if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) return fail("the certificate could not be signed");
  const Owned<BIO> certificate_pem(BIO_new(BIO_s_mem()));
  const Owned<BIO> key_pem(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate_pem.get(), certificate.get());
  PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return Identity{.certificate = text_of(certificate_pem.get()), .key = text_of(key_pem.get())};
}

}  // namespace fix502::faulty
