#pragma once

// Where a request that is sent on goes to: what stands behind proxy_pass and its kin.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/gateways/nginx/journey.hpp"

namespace fix502::nginx {

struct Destination {
  const Directive* pass = nullptr;
  std::string family{};   ///< "proxy_": what its settings' names begin with
  std::string text{};     ///< the directive's word, variables replaced
  bool variable = false;  ///< it has variables
  bool known = true;      ///< all of them could be told
  bool tls = false;
  Url url{};
  std::uint16_t port = 0;        ///< with the scheme's own where none is written; 0: none
  const Group* group = nullptr;  ///< upstream{}
  /// A literal elsewhere in the file that has looked up the same host and port, which a variable then takes over.
  const Directive* implicit = nullptr;
};
[[nodiscard]] Destination destination_of(Journey& journey, const Directive& pass);

/// The family of a directive that sends requests on: "proxy_pass" -> "proxy_".
[[nodiscard]] std::string family_of(const Directive& pass);
/// "https://", "grpcs://" ...: cut off; the rest is for parse_url().
[[nodiscard]] std::string_view strip_scheme(std::string_view text, bool& tls);
[[nodiscard]] std::uint16_t default_port(std::string_view family, bool tls);

[[nodiscard]] std::vector<UpstreamServer> servers_of(Journey& journey, const Destination& to);
[[nodiscard]] Protocol protocol_of(const Journey& journey, const Destination& to);
[[nodiscard]] UpstreamTls tls_of(Journey& journey, const Destination& to);
[[nodiscard]] UpstreamRequest request_to(Journey& journey, const Destination& to);
/// The headers that nginx sends by HTTP, with these request headers of the visitor's.
[[nodiscard]] std::vector<NameValue> http_headers(Journey& journey, const Destination& to, bool cached);

/// A setting as it applies in this place, with where it comes from; `fallback` where it is not written.
[[nodiscard]] Setting setting_of(const Block& conf, std::string_view name, std::string_view fallback);
[[nodiscard]] bool is_on(const Block& conf, std::string_view name, bool fallback);
[[nodiscard]] bool uses_cache(const Journey& journey, const Destination& to);
void fill_limits(Journey& journey, const Destination& to, Route& route);
void fill_traits(Journey& journey, const Destination& to, Route& route);

}  // namespace fix502::nginx
