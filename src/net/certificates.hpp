#pragma once

#include <openssl/x509.h>

#include <vector>

#include "observation/http_exchange.hpp"

namespace fix502 {

/// The leaf first, then what the peer sent along with it; at most 10, each with at most 100 names.
[[nodiscard]] std::vector<Certificate> read_chain(X509* leaf, const STACK_OF(X509) * sent);

/// Of everything that verification complained of, what a browser would name: the issuer before the name before the
/// dates. 0 where nothing was wrong.
[[nodiscard]] int gravest(const std::vector<int>& verify_errors);

/// The Failure that a X509_V_ERR_* code stands for.
[[nodiscard]] Failure certificate_failure(int verify_error);

}  // namespace fix502
