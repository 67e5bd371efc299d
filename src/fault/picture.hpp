#pragma once

// The evidence, read once: which tries were tries of the same thing, what each way to the page gave, and what each
// resolver said beside the zone. Rules look at this and at nothing else.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fault/fault.hpp"
#include "fault/names.hpp"
#include "observation/evidence.hpp"
#include "signature/signature.hpp"

namespace fix502 {

/// One try to get a page, all its redirects included.
struct Try {
  const Observation* seen = nullptr;   ///< the last exchange; never null
  const HttpExchange* http = nullptr;  ///< the same
  bool works = false;
  bool endless = false;                   ///< redirects that come back to where they were
  std::vector<const Observation*> chain;  ///< every exchange, the first one first
};

/// Several tries of one thing.
struct Tries {
  std::vector<Try> all;

  [[nodiscard]] bool empty() const { return all.empty(); }
  [[nodiscard]] bool all_work() const;
  [[nodiscard]] bool none_works() const;  ///< and there is at least one
  [[nodiscard]] bool mixed() const;
  [[nodiscard]] std::size_t failed() const;
  [[nodiscard]] const Try* first_failing() const;
  [[nodiscard]] const Try* first_working() const;
  [[nodiscard]] Cites cites(std::size_t most = 6) const;
};

/// What one address of the site gave.
struct AddressView {
  std::string address;
  std::string source;  ///< "system", "other"
  Tries tries;
  bool edge = false;  ///< a CDN's
};

struct Picture {
  explicit Picture(const Evidence& evidence);

  const Evidence& seen;
  Target page;                         ///< the page that was meant, after the redirects of the first visit
  Tries visits;                        ///< first visit, reloads, repeats: the same client, the way this machine goes
  Tries direct;                        ///< the same round the proxy
  std::vector<AddressView> addresses;  ///< each address by itself, the visits counted in
  Names names;                         ///< what resolvers and the zone say about the page's host

  // Machine.
  const Observation* interfaces = nullptr;
  const Observation* resolver_config = nullptr;
  const Observation* hosts_entry = nullptr;  ///< null where the hosts file does not name the host
  const Observation* proxy = nullptr;        ///< null without a proxy

  /// What the site itself gives, as far as it could be asked round this machine's own troubles.
  Tries site;
  std::vector<AddressView> site_addresses;
  std::string cdn;  ///< product in front of the site, empty: none seen

  /// Exchanges of an experiment, by what they varied; in order of their start.
  [[nodiscard]] std::vector<const Observation*> of(std::string_view experiment) const;
  [[nodiscard]] const Observation* of(std::string_view experiment, const std::string& variable,
                                      std::string_view value) const;
  [[nodiscard]] bool works(const HttpExchange& http) const;
  /// Anything came from there after the connection: a status, or TLS.
  [[nodiscard]] bool ever_answered(const std::string& address) const;
  /// The baseline decides: every visit worked.
  [[nodiscard]] bool healthy() const { return visits.all_work(); }
  /// The representative failing exchange of the site; null when it works or was not reached.
  [[nodiscard]] const Try* site_error() const { return site.first_failing(); }
};

/// Two failing exchanges that tell the same story: same failure, same status, same product.
[[nodiscard]] bool same_story(const HttpExchange& a, const HttpExchange& b);
/// "502 Bad Gateway" or "connection refused".
[[nodiscard]] std::string story(const HttpExchange& http);
/// The way in which the failure would be named by RFC 9209 and NEL.
[[nodiscard]] std::string cause_of(const HttpExchange& http);
[[nodiscard]] std::string nel_of(const HttpExchange& http);

}  // namespace fix502
