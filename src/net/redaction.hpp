#pragma once

// Secrets leave an observation when it is made, not when it is printed.

#include <string>
#include <string_view>
#include <vector>

#include "net/net.hpp"

namespace fix502 {

/// Whether a field of that (lower-case) name carries what lets somebody in.
[[nodiscard]] bool is_secret_field(std::string_view name);

/// The value as it may be shown: "session=<32 bytes>; Path=/" for Set-Cookie, "<17 bytes>" for other secret fields.
[[nodiscard]] std::string without_secret(std::string_view name, std::string_view value);

/// What the request carries that an answer might echo: cookies' values, credentials; short ones would match by chance.
[[nodiscard]] std::vector<std::string> secrets_of(const HttpRequest& request);

/// The text with each of the secrets replaced.
[[nodiscard]] std::string without(std::string text, const std::vector<std::string>& secrets);

/// A proxy's URL without "user:password@".
[[nodiscard]] std::string without_credentials(std::string_view url);

}  // namespace fix502
