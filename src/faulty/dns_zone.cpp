#include "faulty/dns_zone.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace fix502::faulty {
namespace {

/// "a.b." of "x.a.b.", "." of "b."; the root has none.
std::optional<std::string> parent(const std::string& name) {
  if (name == ".") return std::nullopt;
  const std::string rest = name.substr(name.find('.') + 1);
  return rest.empty() ? "." : rest;
}

bool is_within(const std::string& name, const std::string& zone) {
  return zone == "." || name == zone || name.ends_with("." + zone);
}

Rr copy(const Record& record) {
  return Rr(ldns_rr_clone(record.rr.get()));
}

std::vector<const Record*> at(const Records& records, const std::string& owner, ldns_rr_type type) {
  std::vector<const Record*> found;
  for (const Record& record : records)
    if (record.owner == owner && (record.type == type || type == LDNS_RR_TYPE_ANY)) found.push_back(&record);
  return found;
}

/// RFC 4592 2.2.2: a name exists if it or anything below it has records.
bool exists(const Records& records, const std::string& name) {
  return std::ranges::any_of(records, [&](const Record& record) { return is_within(record.owner, name); });
}

/// The owner whose records answer for `name`: itself, or the wildcard next to its closest encloser (RFC 4592 3.3.1).
std::optional<std::string> source_of(const Records& records, const std::string& name) {
  if (exists(records, name)) return name;
  for (auto above = parent(name); above; above = parent(*above)) {
    const std::string star = *above == "." ? "*." : "*." + *above;
    if (exists(records, star)) return star;
    if (exists(records, *above)) break;
  }
  return std::nullopt;
}

void add_copies(std::vector<Rr>& into, const std::vector<const Record*>& records, const std::string& owner) {
  for (const Record* record : records) {
    into.push_back(copy(*record));
    if (record->owner == owner) continue;
    ldns_rdf_deep_free(ldns_rr_owner(into.back().get()));
    ldns_rr_set_owner(into.back().get(), ldns_dname_new_frm_str(owner.c_str()));
  }
}

std::optional<std::string> zone_of(const DnsData& data, const std::string& name) {
  std::optional<std::string> best;
  for (const std::string& zone : data.zones) {
    std::string apex = absolute(zone);
    if (is_within(name, apex) && (!best || apex.size() > best->size())) best = std::move(apex);
  }
  return best;
}

/// The highest cut between the zone's apex and the name, if the name is beyond one.
std::optional<std::string> cut_above(const Records& records, const std::string& name, const std::string& apex) {
  std::optional<std::string> cut;
  for (std::optional<std::string> at_name = name; at_name && *at_name != apex; at_name = parent(*at_name))
    if (!at(records, *at_name, LDNS_RR_TYPE_NS).empty()) cut = *at_name;
  return cut;
}

void refer(Found& found, const Records& records, const std::string& cut) {
  const auto servers = at(records, cut, LDNS_RR_TYPE_NS);
  add_copies(found.authority, servers, cut);
  add_copies(found.authority, at(records, cut, LDNS_RR_TYPE_DS), cut);
  for (const Record* server : servers) {
    const std::string host = absolute(text_of(ldns_rr_rdf(server->rr.get(), 0)));
    add_copies(found.additional, at(records, host, LDNS_RR_TYPE_A), host);
    add_copies(found.additional, at(records, host, LDNS_RR_TYPE_AAAA), host);
  }
  found.authoritative = !found.answer.empty();
}

/// One link of the chain of CNAMEs; the next name, or none: it ends here.
std::optional<std::string> follow(Found& found, const Records& records, const std::string& name, ldns_rr_type type) {
  const auto source = source_of(records, name);
  if (!source) {
    found.rcode = LDNS_RCODE_NXDOMAIN;
    found.is_unknown = true;
    add_soa(found, records, name);
    return std::nullopt;
  }
  const auto wanted = at(records, *source, type);
  add_copies(found.answer, wanted, name);
  if (!wanted.empty()) return std::nullopt;
  const auto alias = at(records, *source, LDNS_RR_TYPE_CNAME);
  add_copies(found.answer, alias, name);
  if (!alias.empty()) return absolute(text_of(ldns_rr_rdf(alias.front()->rr.get(), 0)));
  add_soa(found, records, name);
  return std::nullopt;
}

}  // namespace

std::string absolute(std::string name) {
  std::ranges::transform(name, name.begin(), [](unsigned char letter) { return std::tolower(letter); });
  if (!name.ends_with('.')) name += '.';
  return name;
}

std::string text_of(const ldns_rdf* name) {
  char* text = ldns_rdf2str(name);
  std::string copied = text ? text : "";
  std::free(text);
  return copied;
}

Result<Records> parse_records(const std::vector<std::string>& lines) {
  Records records;
  for (const std::string& line : lines) {
    ldns_rr* rr = nullptr;
    const ldns_status status = ldns_rr_new_frm_str(&rr, line.c_str(), 300, nullptr, nullptr);
    if (status != LDNS_STATUS_OK)
      return fail(std::string("not a record (") + ldns_get_errorstr_by_id(status) + ")", line);
    Rr owned(rr);
    // ldns takes a line that ends too soon for a record without data.
    if (ldns_rr_rd_count(rr) == 0) return fail("not a record (it has no data)", line);
    records.push_back({absolute(text_of(ldns_rr_owner(rr))), ldns_rr_get_type(rr), std::move(owned)});
  }
  return records;
}

Result<DnsZone> make_zone(const DnsData& data) {
  DnsZone zone;
  zone.data = data;
  auto records = parse_records(data.records);
  if (!records) return std::unexpected(records.error());
  zone.records = std::move(*records);
  if (data.zones.empty())
    for (const Record& record : zone.records)
      if (record.type == LDNS_RR_TYPE_SOA) zone.data.zones.push_back(record.owner);
  for (const DnsRule& rule : data.rules) {
    auto own = parse_records(rule.records.value_or(std::vector<std::string>{}));
    if (!own) return std::unexpected(own.error());
    zone.rule_records.push_back(std::move(*own));
  }
  zone.rule_counts.resize(data.rules.size());
  return zone;
}

void add_soa(Found& found, const Records& records, const std::string& name) {
  for (std::optional<std::string> at_name = name; at_name; at_name = parent(*at_name)) {
    const auto soa = at(records, *at_name, LDNS_RR_TYPE_SOA);
    add_copies(found.authority, soa, *at_name);
    if (!soa.empty()) return;
  }
}

Found look_up(const DnsData& data, const Records& records, const std::string& name, ldns_rr_type type) {
  Found found;
  found.authoritative = data.authoritative;
  const auto apex = zone_of(data, name);
  if (data.authoritative && !apex) {
    found.rcode = LDNS_RCODE_REFUSED;
    found.authoritative = false;
    return found;
  }
  std::set<std::string> seen;
  std::optional<std::string> next = name;
  while (next && seen.insert(*next).second) {
    if (data.authoritative) {
      if (zone_of(data, *next) != apex) return found;
      const auto cut = cut_above(records, *next, *apex);
      // RFC 4035 3.1.4.1: the parent's side answers for DS.
      if (cut && !(type == LDNS_RR_TYPE_DS && *cut == *next)) {
        refer(found, records, *cut);
        return found;
      }
    }
    next = follow(found, records, *next, type);
  }
  if (next && !data.authoritative) {
    found = Found{};
    found.rcode = LDNS_RCODE_SERVFAIL;  // a loop
  }
  return found;
}

}  // namespace fix502::faulty
