#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"

namespace fix502 {

/// The web address that a diagnosis is about, taken apart (RFC 3986; host in lower-case A-labels, RFC 5890).
struct Target {
  std::string url;     ///< normalised: scheme, host, path always there, no fragment, no credentials
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< name, or address without brackets
  std::uint16_t port = 0;
  std::string path;  ///< with the query, begins with "/"
  bool host_is_address = false;

  bool operator==(const Target&) const = default;
  static constexpr void fields(auto&& field) {
    field("url", &Target::url);
    field("scheme", &Target::scheme);
    field("host", &Target::host);
    field("port", &Target::port);
    field("path", &Target::path);
    field("host_is_address", &Target::host_is_address);
  }

  /// "https://shop.example" or "https://shop.example:8443".
  [[nodiscard]] std::string origin() const;
  /// The same site with another path (which begins with "/").
  [[nodiscard]] Target with_path(std::string_view path) const;
};

/// What a person typed, made a Target; "shop.example/cart" gets "https://". Errors are one clear line.
[[nodiscard]] Result<Target> parse_target(std::string_view text);
/// A redirect's target: `reference` resolved against `base` (RFC 3986 5), only http and https accepted.
[[nodiscard]] Result<Target> resolve_reference(const Target& base, std::string_view reference);

/// Statuses that count as working: "200-399,418".
struct StatusSet {
  struct Range {
    int first = 0;
    int last = 0;
    bool operator==(const Range&) const = default;
    static constexpr void fields(auto&& field) {
      field("first", &Range::first);
      field("last", &Range::last);
    }
  };
  std::vector<Range> ranges;  ///< empty: the default (200-399, and 401/403/404/405/410 that the site itself means)

  bool operator==(const StatusSet&) const = default;
  static constexpr void fields(auto&& field) { field("ranges", &StatusSet::ranges); }
  [[nodiscard]] bool contains(int status) const;
};
[[nodiscard]] Result<StatusSet> parse_status_set(std::string_view text);

/// An address and a port; the host may be a name where the option allows it.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;  ///< 0: the default of whatever it is for

  bool operator==(const Endpoint&) const = default;
  static constexpr void fields(auto&& field) {
    field("host", &Endpoint::host);
    field("port", &Endpoint::port);
  }
};
/// "host", "host:port", "[v6]:port", "v6".
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view text);
/// An IPv6 address in brackets, as a URL has it (RFC 3986 3.2.2); any other host as it is.
[[nodiscard]] std::string bracketed(std::string_view host);
/// "203.0.113.1:80", "[2001:db8::1]:80".
[[nodiscard]] std::string to_text(const Endpoint& endpoint);
[[nodiscard]] bool is_ipv4(std::string_view text);
[[nodiscard]] bool is_ipv6(std::string_view text);

}  // namespace fix502
