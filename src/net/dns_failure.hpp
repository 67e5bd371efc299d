#pragma once

// What the system and OpenSSL call an error, in our one vocabulary.

#include <openssl/ssl.h>

#include <boost/system/error_code.hpp>

#include "observation/words.hpp"

namespace fix502 {

/// An error of a socket; `other` for what is not in the table.
[[nodiscard]] Failure socket_failure(const boost::system::error_code& error);

/// An error of the TLS greeting; `session` knows what was wrong with the peer's certificate.
[[nodiscard]] Failure greeting_failure(const boost::system::error_code& error, const SSL* session);

}  // namespace fix502
