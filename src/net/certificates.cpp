#include "net/certificates.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxChain = 10;
constexpr int kMaxNames = 100;
constexpr std::size_t kMaxText = 256;  // bytes

struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
struct FreeNames {
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
};

struct ErrorRow {
  int code;
  Failure failure;
};
// In the order in which a browser would name them (Chromium, net/cert/cert_status_flags.cc: authority, name, date).
constexpr ErrorRow kVerifyErrors[] = {
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, Failure::cert_issuer},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, Failure::cert_issuer},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, Failure::cert_issuer},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, Failure::cert_issuer},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, Failure::cert_issuer},
    {X509_V_ERR_CERT_UNTRUSTED, Failure::cert_issuer},
    {X509_V_ERR_HOSTNAME_MISMATCH, Failure::cert_name},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, Failure::cert_name},
    {X509_V_ERR_CERT_HAS_EXPIRED, Failure::cert_expired},
    {X509_V_ERR_CERT_NOT_YET_VALID, Failure::cert_not_yet_valid},
};

std::string name_text(const X509_NAME* name) {
  const std::unique_ptr<BIO, FreeBio> bio(BIO_new(BIO_s_mem()));
  if (!bio || !name) return {};
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return size > 0 ? printable({text, static_cast<std::size_t>(size)}, kMaxText) : std::string{};
}

std::string octets(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string address_text(const std::string& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = bytes.size() == 4 ? AF_INET : AF_INET6;
  if (bytes.size() != 4 && bytes.size() != 16) return {};
  return inet_ntop(family, bytes.data(), text.data(), text.size());
}

std::vector<std::string> alternative_names(X509* certificate) {
  std::vector<std::string> names;
  const std::unique_ptr<GENERAL_NAMES, FreeNames> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  const int count = all ? std::min(sk_GENERAL_NAME_num(all.get()), kMaxNames) : 0;
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) names.push_back(printable(octets(name->d.dNSName), kMaxText));
    if (name->type == GEN_IPADD) names.push_back(address_text(octets(name->d.iPAddress)));
  }
  return names;
}

std::string fingerprint(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), bytes.data(), &size) != 1) return {};
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
}

std::optional<WallTime> moment(const ASN1_TIME* time) {
  std::tm parts{};
  if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return WallTime(std::chrono::seconds(timegm(&parts)));
}

}  // namespace

std::vector<Certificate> read_chain(X509* leaf, const STACK_OF(X509) * sent) {
  std::vector<X509*> all;
  if (leaf) all.push_back(leaf);
  for (int i = 0; sent && i < sk_X509_num(sent) && all.size() < kMaxChain; ++i)
    if (X509* next = sk_X509_value(sent, i); next != leaf) all.push_back(next);
  std::vector<Certificate> chain;
  for (X509* certificate : all)
    chain.push_back({.subject = name_text(X509_get_subject_name(certificate)),
                     .issuer = name_text(X509_get_issuer_name(certificate)),
                     .names = alternative_names(certificate),
                     .not_before = moment(X509_get0_notBefore(certificate)),
                     .not_after = moment(X509_get0_notAfter(certificate)),
                     .fingerprint = fingerprint(certificate)});
  return chain;
}

int gravest(const std::vector<int>& verify_errors) {
  if (verify_errors.empty()) return X509_V_OK;
  // What is not in the table (revoked, bad signature, weak key ...) is worse than anything in it.
  const auto rank = [](int code) {
    const auto found = std::ranges::find(kVerifyErrors, code, &ErrorRow::code);
    return found == std::end(kVerifyErrors) ? -1 : found - std::begin(kVerifyErrors);
  };
  return *std::ranges::min_element(verify_errors, {}, rank);
}

Failure certificate_failure(int verify_error) {
  const auto found = std::ranges::find(kVerifyErrors, verify_error, &ErrorRow::code);
  return found == std::end(kVerifyErrors) ? Failure::cert_invalid : found->failure;
}

}  // namespace fix502
