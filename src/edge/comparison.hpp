#pragma once

// Edge against origin: the same request at both ends, field by field, and the settings of the CDN that would make them
// differ that way. Pure. It names a setting only where the edge fails (or gives something else) and the origin does
// not.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edge/setting.hpp"
#include "edge/sides.hpp"

namespace fix502 {

inline constexpr std::size_t kShownNames = 4;  ///< names of fields in one sentence

/// One field of the two answers, as text; empty: that side has none.
struct FieldPair {
  std::string_view field;  ///< "status", "certificate-names"
  std::string_view title;  ///< for a person: "certificate for"
  std::string edge, origin;
  bool differs = false;  ///< for times: by so much that it is felt
};

/// How well what was seen carries a setting.
enum class Suspicion {
  possible,  ///< would look like this; so would others
  likely,    ///< fits better than the others
  shown,     ///< a contrast shows it
};
[[nodiscard]] std::string_view to_word(Suspicion suspicion);

/// A setting that would make edge and origin differ as they do.
struct SuspectSetting {
  EdgeKind kind = EdgeKind::tls_mode;
  Suspicion suspicion = Suspicion::possible;
  std::string why;                      ///< what was seen that speaks for it
  std::string value;                    ///< what to choose
  std::vector<std::string> cites{};     ///< ids of observations
  const CdnSetting* setting = nullptr;  ///< how this network calls it; null: unknown network, or nothing to set there
};

struct EdgeComparison {
  std::string cdn;           ///< id of the network; empty: none recognised
  std::string edge, origin;  ///< ids of the two observations; empty: not asked
  std::vector<FieldPair> fields;
  std::vector<std::string> contrasts;  ///< ids of what else was asked to tell them apart
  /// The most likely first. Empty: they do not differ in a way that a setting explains.
  std::vector<SuspectSetting> settings;

  /// The best of that kind; null where it is not suspected.
  [[nodiscard]] const SuspectSetting* suspect(EdgeKind kind) const;
};

/// Nothing where one of the two was not asked.
[[nodiscard]] std::optional<EdgeComparison> compare_sides(const EdgeSides& sides);

/// All fields, equal ones too.
[[nodiscard]] std::vector<FieldPair> compare_fields(const HttpExchange& edge, const HttpExchange& origin);
/// Bytes of the header fields as HTTP/1.1 writes them (RFC 9112 5).
[[nodiscard]] std::uint64_t header_bytes(const HttpExchange& http);
/// What stands behind a difference, ordered.
[[nodiscard]] std::vector<SuspectSetting> suspect_settings(const EdgeSides& sides);

}  // namespace fix502
