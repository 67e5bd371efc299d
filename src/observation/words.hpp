#pragma once

#include <string_view>

namespace fix502 {

/// What the network did instead of answering; `none` where it answered. See failures.def.
enum class Failure {
#define FAILURE(id, sentence, nel, cause) id,
#include "observation/failures.def"
#undef FAILURE
};

[[nodiscard]] std::string_view to_word(Failure failure);
[[nodiscard]] bool from_word(std::string_view word, Failure& failure);
/// "connection refused"
[[nodiscard]] std::string_view sentence(Failure failure);
/// The Network Error Logging type, "tcp.refused".
[[nodiscard]] std::string_view nel_type(Failure failure);
/// The RFC 9209 error type, "connection_refused"; empty where none applies.
[[nodiscard]] std::string_view cause(Failure failure);
/// The peer's certificate was seen and not accepted.
[[nodiscard]] bool is_certificate(Failure failure);
/// Failed in or before the TCP connection.
[[nodiscard]] bool is_connect(Failure failure);
/// Failed in the TLS greeting, certificates included.
[[nodiscard]] bool is_tls(Failure failure);

#define WORD_SET(name) enum class name {
#define WORD(name, id, text) id,
#define WORD_END(name)                                \
  }                                                   \
  ;                                                   \
  [[nodiscard]] std::string_view to_word(name value); \
  [[nodiscard]] bool from_word(std::string_view, name& value);
#include "observation/words.def"
#undef WORD_SET
#undef WORD
#undef WORD_END

}  // namespace fix502
