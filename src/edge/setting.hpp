#pragma once

// The settings of content delivery networks by their names: kinds.def has what there is to set, settings.def how each
// network calls it, with sources.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fix502 {

enum class EdgeKind : std::uint8_t {
#define EDGE_KIND(id, word, what, value) id,
#include "edge/kinds.def"
#undef EDGE_KIND
};
[[nodiscard]] std::string_view to_word(EdgeKind kind);  ///< "tls-mode"
[[nodiscard]] std::string_view what_it_is(EdgeKind kind);
/// What to choose where the network is not in the table.
[[nodiscard]] std::string_view usual_value(EdgeKind kind);

/// How one network calls one setting. `panel` and `api` are empty where there is nothing to set, or where its name
/// could not be found in the network's own documents.
struct CdnSetting {
  std::string_view cdn;  ///< as the signature tables call it
  EdgeKind kind;
  std::string_view panel;   ///< where in the network's panel: "Rules > Origin Rules > Destination Port"
  std::string_view api;     ///< what in its API: "origin.httpsPort"
  std::string_view value;   ///< what to choose; {host}, {port}, {origin}, {seconds}, {ms}, {status}, {path}, {names}
  std::string_view source;  ///< where that can be read
};
[[nodiscard]] std::span<const CdnSetting> cdn_settings();
/// Null where the network has no such setting, or is not in the table.
[[nodiscard]] const CdnSetting* find_setting(std::string_view cdn, EdgeKind kind);
/// Bytes of header fields that the network takes from an origin; 0 where it does not say.
[[nodiscard]] std::uint64_t header_limit_of(std::string_view cdn);

/// "Cloudflare" for "cloudflare"; the id itself for a network that is not in the table.
[[nodiscard]] std::string name_of_cdn(std::string_view cdn);

}  // namespace fix502
