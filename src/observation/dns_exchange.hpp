#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "observation/words.hpp"

namespace fix502 {

/// One resource record (RFC 1035 3.2): names in lower case without the last dot, data in presentation form.
struct DnsRecord {
  std::string name;
  std::string type;  ///< "A", "AAAA", "CNAME", "NS", "SOA", ...
  std::uint32_t ttl = 0;
  std::string data;

  bool operator==(const DnsRecord&) const = default;
  static constexpr void fields(auto&& field) {
    field("name", &DnsRecord::name);
    field("type", &DnsRecord::type);
    field("ttl", &DnsRecord::ttl);
    field("data", &DnsRecord::data);
  }
};

/// One question to one DNS server and its answer, or what happened instead.
struct DnsExchange {
  std::string server;       ///< "192.0.2.1:53", "tls://192.0.2.1", "https://dns.example/dns-query"
  std::string server_name;  ///< the name server's own name, for authoritative servers
  DnsRole role = DnsRole::system;
  Transport transport = Transport::udp;
  std::string zone;  ///< for authoritative and delegation: the zone that this server was asked for; "." is the root
  std::string name;  ///< lower case, no last dot
  std::string type = "A";
  bool checking_disabled = false;  ///< asked with CD (RFC 4035 3.2.2)

  Failure failure = Failure::none;   ///< refused, unreachable, connect_timeout/response_timeout, malformed, tls_*, ...
  std::string rcode;                 ///< "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED"; empty without an answer
  std::string extended_error;        ///< RFC 8914, "9 DNSKEY Missing"
  bool authoritative = false;        ///< AA
  bool authenticated = false;        ///< AD
  bool recursion_available = false;  ///< RA
  bool truncated = false;            ///< TC over UDP; the answer is then the one got over TCP
  std::vector<DnsRecord> answer;
  std::vector<DnsRecord> authority;
  std::vector<DnsRecord> additional;

  static constexpr std::string_view kind = "dns";
  bool operator==(const DnsExchange&) const = default;
  static constexpr void fields(auto&& field) {
    field("server", &DnsExchange::server);
    field("server_name", &DnsExchange::server_name);
    field("role", &DnsExchange::role);
    field("transport", &DnsExchange::transport);
    field("zone", &DnsExchange::zone);
    field("name", &DnsExchange::name);
    field("type", &DnsExchange::type);
    field("checking_disabled", &DnsExchange::checking_disabled);
    field("failure", &DnsExchange::failure);
    field("rcode", &DnsExchange::rcode);
    field("extended_error", &DnsExchange::extended_error);
    field("authoritative", &DnsExchange::authoritative);
    field("authenticated", &DnsExchange::authenticated);
    field("recursion_available", &DnsExchange::recursion_available);
    field("truncated", &DnsExchange::truncated);
    field("answer", &DnsExchange::answer);
    field("authority", &DnsExchange::authority);
    field("additional", &DnsExchange::additional);
  }

  /// The A or AAAA data at the end of the answer's CNAME chain, in the answer's order.
  [[nodiscard]] std::vector<std::string> addresses() const;
  /// Each name that the chain passes, the asked one first.
  [[nodiscard]] std::vector<std::string> chain() const;
};

}  // namespace fix502
