#pragma once

// First: ldns would make macros of `true` and `false` otherwise.
#include <stdbool.h>
//
#include <ldns/ldns.h>

#include <memory>

#include "faulty/config.hpp"

namespace fix502::faulty {

struct FreeRr {
  void operator()(ldns_rr* rr) const noexcept { ldns_rr_free(rr); }
};
using Rr = std::unique_ptr<ldns_rr, FreeRr>;

/// A resource record with its owner's name in lower case, absolute.
struct Record {
  std::string owner;
  ldns_rr_type type;
  Rr rr;
};
using Records = std::vector<Record>;

[[nodiscard]] Result<Records> parse_records(const std::vector<std::string>& lines);

/// DNS data ready for questions.
struct DnsZone {
  DnsData data;
  Records records;
  std::vector<Records> rule_records;     // parallel to data.rules
  std::vector<std::size_t> rule_counts;  // likewise: questions seen
};

[[nodiscard]] Result<DnsZone> make_zone(const DnsData& data);

/// What the records say about a question.
struct Found {
  ldns_pkt_rcode rcode = LDNS_RCODE_NOERROR;
  bool authoritative = false;
  bool is_unknown = false;  // the name is not there
  std::vector<Rr> answer, authority, additional;
};

/// Looks a name (lower case, absolute) up, as an authoritative server or a resolver does.
[[nodiscard]] Found look_up(const DnsData& data, const Records& records, const std::string& name, ldns_rr_type type);

/// The SOA that covers a name, for negative answers.
void add_soa(Found& found, const Records& records, const std::string& name);

/// Lower case, with a final dot.
[[nodiscard]] std::string absolute(std::string name);
[[nodiscard]] std::string text_of(const ldns_rdf* name);

}  // namespace fix502::faulty
