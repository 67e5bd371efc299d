#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "base/result.hpp"
#include "remedy/work.hpp"

namespace fix502 {

/// A resolver that could be set.
struct DnsChoice {
  std::string title;                   ///< "Quad9 (blocks malware)", or what was typed
  std::vector<std::string> addresses;  ///< without port, unless it is not 53
  std::string tls_name;                ///< the name in its certificate, for DNS over TLS; empty: plain DNS only
  std::string doh_url;                 ///< empty: none known
  bool over_tls = false;               ///< seen to answer over TLS from here

  bool operator==(const DnsChoice&) const = default;
};

[[nodiscard]] const std::vector<DnsChoice>& public_resolvers();

/// --resolver: a provider of the table, https://..., tls://ADDRESS[#NAME], or ADDRESS[:PORT]. An address of the table
/// brings its names along.
[[nodiscard]] Result<DnsChoice> parse_dns_choice(std::string_view text);

/// How a candidate did when it was asked for the name.
struct DnsTrial {
  std::size_t choice = 0;
  bool answered = false;               ///< with or without addresses
  std::vector<std::string> addresses;  ///< sorted
  Duration took{};
  bool over_tls = false;
};
/// Right answers first (those that most agree on, and any address rather than none), then the quickest. Silent ones are
/// left out.
[[nodiscard]] std::vector<DnsTrial> ranked(std::vector<DnsTrial> trials);

/// resolv.conf with these name servers only; the lines in force become comments.
[[nodiscard]] Work dns_by_file(const std::string& path, std::string_view text, bool is_link, const DnsChoice& choice);

/// What systemd-resolved has for a link now.
struct LinkDns {
  std::string interface;
  bool managed = false;  ///< by systemd-networkd: "revert" brings its settings back
  std::vector<std::string> servers, domains;
  std::string over_tls;  ///< "no", "opportunistic", "yes"
};
[[nodiscard]] Work dns_by_resolved(const LinkDns& link, const DnsChoice& choice);
[[nodiscard]] Work dns_by_network_manager(const std::string& interface, const DnsChoice& choice);

/// One policy file of a Chromium-like browser: every file of the folder counts, so ours is apart.
[[nodiscard]] Work dns_by_chromium_policy(const std::string& browser, const std::string& folder,
                                          const DnsChoice& choice);
/// Firefox takes one policies.json as a whole: what stands in it stays.
[[nodiscard]] Result<Work> dns_by_firefox_policy(const std::string& path, std::string_view text,
                                                 const DnsChoice& choice);

/// Without a policy, in the visitor's own settings, while the browser is closed. Chromium's "Local State", which it
/// reads at start and writes anew at its end.
[[nodiscard]] Result<Work> dns_by_local_state(const std::string& browser, const std::string& path,
                                              std::string_view text, const DnsChoice& choice);
/// Firefox's prefs.js; an error where `user_js`, which goes before it, settles the same.
[[nodiscard]] Result<Work> dns_by_firefox_prefs(const std::string& path, std::string_view text,
                                                std::string_view user_js, const DnsChoice& choice);

}  // namespace fix502
