#pragma once

#include <string_view>

namespace fix502 {

/// What these first bytes of an answer are, as a person calls it: "TLS", "HTTP", "HTTP/2", "FastCGI", "AJP", "SSH",
/// "SMTP or FTP", "MySQL", "Redis", "HTML without a header", "gzip"; empty: not known.
[[nodiscard]] std::string_view looks_like(std::string_view bytes);

}  // namespace fix502
