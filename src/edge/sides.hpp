#pragma once

// What was seen of a page through the edge and at the origin behind it: the input of the comparison.

#include <string>
#include <vector>

#include "observation/observation.hpp"
#include "target/target.hpp"

namespace fix502 {

/// The same page asked at both ends. Each pointer is null where that was not asked; whoever fills it keeps the
/// observations alive.
struct EdgeSides {
  Target page;         ///< what both were asked for
  Endpoint origin;     ///< as given; port 0: the page's
  StatusSet expected;  ///< what counts as working
  std::string cdn{};   ///< id of the network in front ("cloudflare"); empty: none recognised
  bool edge_failed =
      false;                ///< all visits through the edge failed alike; never true for an edge among others that work
  bool edge_loops = false;  ///< its redirects come back to where they were

  const Observation* edge = nullptr;    ///< through the edge
  const Observation* round = nullptr;   ///< through the edge, round its cache
  const Observation* direct = nullptr;  ///< at the origin, the same request
  // At the origin, with one thing changed.
  const Observation* plain = nullptr;             ///< http instead of https
  const Observation* no_name = nullptr;           ///< without a server name in the TLS greeting
  const Observation* own_name = nullptr;          ///< with the origin's own name in the TLS greeting
  const Observation* usual_port = nullptr;        ///< at the scheme's usual port instead of the given one
  std::vector<const Observation*> other_hosts{};  ///< with another Host, which `varied` names
};

/// The port at which the origin is asked for the page.
[[nodiscard]] std::uint16_t origin_port(const EdgeSides& sides);
/// 443 or 80, after the page's scheme.
[[nodiscard]] std::uint16_t usual_port(const Target& page);

/// One thing to change about the request to the origin.
struct EdgeContrast {
  std::string variable;  ///< "sni", "host", "port"
  std::string value;     ///< the value for `varied`; "none" for a greeting without a name
  bool operator==(const EdgeContrast&) const = default;
};

/// A name that no origin has, to see what it gives to a Host that it does not know (RFC 6761 keeps it unregistered).
inline constexpr std::string_view kStrangeHost = "fix502.invalid";

/// What else is worth asking the origin, once edge and origin were asked the same and differ; most telling first, at
/// most `kMostContrasts`. Empty where the edge does as well as the origin, or the origin itself fails.
inline constexpr std::size_t kMostContrasts = 4;
[[nodiscard]] std::vector<EdgeContrast> contrasts_worth_asking(const EdgeSides& sides);

}  // namespace fix502
