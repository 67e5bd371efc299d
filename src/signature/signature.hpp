#pragma once

// Who made an answer, and what it says about the hop behind. Recognised by what the protocol shows: structured fields
// (RFC 9209, RFC 9211), status, reason phrase, header fields, well-known bodies. Data, not code: the tables stand in
// tables/ and in data/, with their sources.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "observation/http_exchange.hpp"

namespace fix502 {

/// One member of Proxy-Status (RFC 9209 2).
struct ProxyStatusMember {
  std::string proxy;  ///< the intermediary's name
  std::string error;  ///< error type, empty where none
  std::optional<int> received_status;
  std::string next_hop;
  std::string details;
};
/// First member: nearest to the origin. What cannot be read is left out.
[[nodiscard]] std::vector<ProxyStatusMember> parse_proxy_status(std::string_view value);

/// One member of Cache-Status (RFC 9211 2).
struct CacheStatusMember {
  std::string cache;
  bool hit = false;
  std::string fwd;  ///< "miss", "stale", ...; empty where none
  std::optional<int> fwd_status;
  std::optional<long> ttl;
  bool stored = false;
};
[[nodiscard]] std::vector<CacheStatusMember> parse_cache_status(std::string_view value);

enum class ResponderKind { unknown, gateway, cdn, application, captive_portal, filter };

/// Who made this answer, as far as the answer itself shows.
struct Signature {
  std::string product;  ///< "nginx", "haproxy", "cloudflare", "cloudfront", ...; "application"; empty: cannot be told
  ResponderKind kind = ResponderKind::unknown;
  bool self_made = false;  ///< the product made the answer itself; false: passed on, or not known
  std::string cause;       ///< RFC 9209 type that the answer itself reveals about the next hop, else empty
  std::string code;        ///< the product's own code: "521", "1016", "ERR_CONNECT_FAIL 111", "Reference #30"
  /// What the product's own words say, where they differ from the status: the fault id of the catalogue, else empty.
  std::string fault;
};
[[nodiscard]] Signature identify(const HttpExchange& exchange);

/// A CDN in front of the site, from any answer of it (good ones too), or from the CNAME chain; empty: none seen.
[[nodiscard]] std::string cdn_in_front(const HttpExchange& exchange);
[[nodiscard]] std::string cdn_of_name(std::string_view cname);
/// By published address ranges; empty: none.
[[nodiscard]] std::string cdn_of_address(std::string_view address);

/// Whether a shared cache served this answer from store, and how old it is.
struct CacheReading {
  bool hit = false;
  bool known = false;               ///< some field tells
  std::optional<long> age_seconds;  ///< RFC 9111 5.1
  std::string by;                   ///< the field that tells
};
[[nodiscard]] CacheReading read_cache(const HttpExchange& exchange);

/// Whether a browser may have stored this answer and would serve it again without asking (RFC 9111 3, 4.2).
struct Storable {
  bool stored = false;
  std::optional<long> fresh_seconds;
  std::string why;
};
[[nodiscard]] Storable browser_would_store(const HttpExchange& exchange);

/// Retry-After in seconds from the answer's own date (RFC 9110 10.2.3), bounded to a day.
[[nodiscard]] std::optional<long> retry_after(const HttpExchange& exchange);

/// The answer is a firewall's or CDN's refusal of this client, not the site's own word: product's name, else empty.
[[nodiscard]] std::string blocked_by(const HttpExchange& exchange);
/// The page is a login or block page of a network (captive portal, filter), judged by its own marks.
[[nodiscard]] bool looks_like_block_page(const HttpExchange& exchange);
/// The page says in plain words that access is blocked. A site's own page may say so too: it takes a contrast to tell.
[[nodiscard]] bool speaks_of_block(const HttpExchange& exchange);
/// It says so in the name of a network: of its administrator, provider, policy or filter. To be contrasted as well.
[[nodiscard]] bool speaks_as_network(const HttpExchange& exchange);

}  // namespace fix502
