#pragma once

#include <string_view>

namespace fix502 {

/// See protocols.def.
enum class Protocol {
#define PROTOCOL(id, word, title) id,
#include "gateway/protocols.def"
#undef PROTOCOL
};
[[nodiscard]] std::string_view to_word(Protocol protocol);
[[nodiscard]] bool from_word(std::string_view word, Protocol& protocol);
[[nodiscard]] std::string_view title(Protocol protocol);  ///< "FastCGI"
/// HTTP of any version, gRPC included.
[[nodiscard]] bool is_http(Protocol protocol);

/// See limits.def.
enum class LimitKind {
#define LIMIT(id, unit, title) id,
#include "gateway/limits.def"
#undef LIMIT
};
[[nodiscard]] std::string_view to_word(LimitKind kind);
[[nodiscard]] bool from_word(std::string_view word, LimitKind& kind);
[[nodiscard]] std::string_view title(LimitKind kind);
[[nodiscard]] std::string_view unit(LimitKind kind);  ///< "ms", "bytes", "count"

/// Where a setting has its value from.
enum class Source { builtin, inherited, set };
[[nodiscard]] std::string_view to_word(Source source);
[[nodiscard]] bool from_word(std::string_view word, Source& source);

/// See mendings.def.
enum class MendingKind {
#define MENDING(id, title) id,
#include "gateway/mendings.def"
#undef MENDING
};
[[nodiscard]] std::string_view to_word(MendingKind kind);
[[nodiscard]] bool from_word(std::string_view word, MendingKind& kind);

}  // namespace fix502
