#include "faulty/dns_reply.hpp"

#include <algorithm>
#include <cstdlib>

namespace fix502::faulty {
namespace {

struct FreePacket {
  void operator()(ldns_pkt* packet) const noexcept { ldns_pkt_free(packet); }
};
using Packet = std::unique_ptr<ldns_pkt, FreePacket>;

constexpr std::string_view kNoise = "\x12\x34garbage\xff\xfe\x80 this is not a DNS message";

/// A question taken apart, with all that its answer depends on.
struct Question {
  const ldns_pkt* packet;
  const ldns_rr* rr;
  std::string name;
  ldns_rr_type type;
  std::string type_name;
  std::string transport;
};

std::string type_text(ldns_rr_type type) {
  char* text = ldns_rr_type2str(type);
  std::string copied = text ? text : "";
  std::free(text);
  return copied;
}

Packet parse(const std::string& wire) {
  ldns_pkt* packet = nullptr;
  const auto* data = reinterpret_cast<const uint8_t*>(wire.data());
  if (ldns_wire2pkt(&packet, data, wire.size()) != LDNS_STATUS_OK) return nullptr;
  Packet owned(packet);
  return ldns_pkt_qr(packet) || ldns_rr_list_rr_count(ldns_pkt_question(packet)) != 1 ? nullptr : std::move(owned);
}

bool is_exactly_one_of(const std::vector<std::string>& wanted, const std::string& value) {
  return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

const DnsRule kPlain{};

/// The first rule that matches, by number.
std::optional<std::size_t> choose(DnsZone& zone, const Question& question, const World& world,
                                  const asio::ip::address& client) {
  for (std::size_t i = 0; i < zone.data.rules.size(); ++i) {
    const DnsRule& rule = zone.data.rules[i];
    if (!rule.name.empty() && !any_name_matches(rule.name, question.name)) continue;
    if (!is_exactly_one_of(rule.type, question.type_name) || !is_exactly_one_of(rule.transport, question.transport))
      continue;
    Counter counter{zone.rule_counts[i]};
    const bool picked = picks(rule.selection, counter, world.since_ready(), client);
    zone.rule_counts[i] = counter.seen;
    if (picked) return i;
  }
  return std::nullopt;
}

void forge(Found& found, const DnsRule& rule, const Question& question) {
  for (const std::string& address : rule.addresses) {
    const bool is_v6 = address.find(':') != address.npos;
    if (question.type != (is_v6 ? LDNS_RR_TYPE_AAAA : LDNS_RR_TYPE_A)) continue;
    const std::string line =
        question.name + " " + std::to_string(rule.ttl.value_or(60)) + " IN " + question.type_name + " " + address;
    auto records = parse_records({line});
    if (records) found.answer.push_back(std::move(records->front().rr));
  }
}

constexpr std::pair<std::string_view, ldns_pkt_rcode> kCodes[] = {
    {"nxdomain", LDNS_RCODE_NXDOMAIN}, {"nodata", LDNS_RCODE_NOERROR}, {"servfail", LDNS_RCODE_SERVFAIL},
    {"refused", LDNS_RCODE_REFUSED},   {"notimp", LDNS_RCODE_NOTIMPL}, {"formerr", LDNS_RCODE_FORMERR}};

Found find(const DnsZone& zone, const Records& own, const DnsRule& rule, const Question& question) {
  Found found;
  found.authoritative = zone.data.authoritative;
  for (const auto& [what, rcode] : kCodes)
    if (rule.what == what) {
      found.rcode = rcode;
      if (what.starts_with("n")) add_soa(found, zone.records, question.name);
      return found;
    }
  if (rule.what == "forge") {
    forge(found, rule, question);
    return found;
  }
  if (rule.what == "servfail_unless_cd" && !ldns_pkt_cd(question.packet)) {
    found.rcode = LDNS_RCODE_SERVFAIL;
    return found;
  }
  found = look_up(zone.data, rule.records ? own : zone.records, question.name, question.type);
  const bool replaced = found.is_unknown && !zone.data.authoritative && found.answer.empty();
  if (replaced && zone.data.unknown == "servfail") found.rcode = LDNS_RCODE_SERVFAIL;
  if (replaced && zone.data.unknown == "refused") found.rcode = LDNS_RCODE_REFUSED;
  return found;
}

/// A cache's TTL: what is left of it, between 1 and all of it.
std::uint32_t remaining(std::uint32_t ttl, const DnsZone& zone, const World& world) {
  if (!zone.data.cached_since || ttl == 0) return ttl;
  const auto age = static_cast<std::uint32_t>(world.since_ready().count() / 1000) + *zone.data.cached_since;
  return ttl - age % ttl;
}

void add_extended_error(ldns_pkt* packet, const DnsRule& rule) {
  if (!rule.ede) return;
  const std::size_t size = 2 + rule.ede_text.size();
  // RFC 8914 2: option 15, length, code, text.
  std::string option = {'\0',
                        '\x0f',
                        static_cast<char>(size >> 8),
                        static_cast<char>(size & 0xff),
                        static_cast<char>(*rule.ede >> 8),
                        static_cast<char>(*rule.ede & 0xff)};
  option += rule.ede_text;
  ldns_pkt_set_edns_data(packet, ldns_rdf_new_frm_data(LDNS_RDF_TYPE_UNKNOWN, option.size(), option.data()));
}

void set_flags(ldns_pkt* packet, const DnsZone& zone, const DnsRule& rule, const Question& question,
               const Found& found) {
  ldns_pkt_set_id(packet, ldns_pkt_id(question.packet));
  ldns_pkt_set_qr(packet, true);
  ldns_pkt_set_opcode(packet, ldns_pkt_get_opcode(question.packet));
  ldns_pkt_set_rd(packet, ldns_pkt_rd(question.packet));
  ldns_pkt_set_cd(packet, ldns_pkt_cd(question.packet));
  ldns_pkt_set_aa(packet, rule.aa.value_or(zone.data.aa.value_or(found.authoritative)));
  ldns_pkt_set_ra(packet, rule.ra.value_or(zone.data.ra.value_or(!zone.data.authoritative)));
  ldns_pkt_set_ad(packet, rule.ad.value_or(zone.data.ad.value_or(false)));
  ldns_pkt_set_rcode(packet, static_cast<uint8_t>(found.rcode));
  if (!ldns_pkt_edns(question.packet)) return;
  ldns_pkt_set_edns_udp_size(packet, 1232);
  ldns_pkt_set_edns_do(packet, ldns_pkt_edns_do(question.packet));
  // An answer to a question with CD is not in error.
  if (rule.what != "servfail_unless_cd" || found.rcode == LDNS_RCODE_SERVFAIL) add_extended_error(packet, rule);
}

std::string wire_of(const ldns_pkt* packet) {
  uint8_t* data = nullptr;
  std::size_t size = 0;
  if (ldns_pkt2wire(&data, packet, &size) != LDNS_STATUS_OK) return {};
  std::string wire(reinterpret_cast<char*>(data), size);
  std::free(data);
  return wire;
}

/// The question's own RR, or another one in its place.
ldns_rr* question_back(const DnsRule& rule, const Question& question) {
  ldns_rr* back = ldns_rr_clone(question.rr);
  if (rule.what != "wrong_question") return back;
  ldns_rdf_deep_free(ldns_rr_owner(back));
  ldns_rr_set_owner(back, ldns_dname_new_frm_str("wrong.invalid."));
  return back;
}

std::string write_reply(const World& world, const DnsZone& zone, const DnsRule& rule, const Question& question,
                        Found found, bool truncate) {
  const Packet packet(ldns_pkt_new());
  set_flags(packet.get(), zone, rule, question, found);
  ldns_pkt_set_tc(packet.get(), truncate);
  if (rule.what == "wrong_id")
    ldns_pkt_set_id(packet.get(), static_cast<uint16_t>(ldns_pkt_id(question.packet) ^ 0x5555));
  ldns_pkt_push_rr(packet.get(), LDNS_SECTION_QUESTION, question_back(rule, question));
  if (truncate) return wire_of(packet.get());
  const std::pair<ldns_pkt_section, std::vector<Rr>*> sections[] = {{LDNS_SECTION_ANSWER, &found.answer},
                                                                    {LDNS_SECTION_AUTHORITY, &found.authority},
                                                                    {LDNS_SECTION_ADDITIONAL, &found.additional}};
  for (const auto& [section, rrs] : sections)
    for (Rr& rr : *rrs) {
      ldns_rr_set_ttl(rr.get(), remaining(rule.ttl.value_or(ldns_rr_ttl(rr.get())), zone, world));
      ldns_pkt_push_rr(packet.get(), section, rr.release());
    }
  return wire_of(packet.get());
}

DnsReply reply_by(const World& world, const DnsZone& zone, const Records& own, const DnsRule& rule,
                  const Question& question) {
  DnsReply reply;
  reply.delay = zone.data.delay + rule.delay;
  static constexpr std::pair<std::string_view, Ending> kEnds[] = {
      {"silent", Ending::stall}, {"close", Ending::close}, {"reset", Ending::reset}};
  for (const auto& [what, ending] : kEnds)
    if (rule.what == what) reply.ending = ending;
  if (reply.ending) return reply;
  if (rule.what == "garbage") {
    reply.bytes = rule.bytes.empty() ? std::string(kNoise) : rule.bytes;
    return reply;
  }
  const bool is_udp = question.transport == "udp";
  Found found = find(zone, own, rule, question);
  if (rule.what == "answer" && found.is_unknown && !zone.data.authoritative && zone.data.unknown == "silent") {
    reply.ending = Ending::stall;
    return reply;
  }
  const bool cut = is_udp && rule.what == "truncated";
  const auto code = found.rcode;
  reply.bytes = write_reply(world, zone, rule, question, std::move(found), cut);
  const std::size_t limit = std::max<std::size_t>(ldns_pkt_edns_udp_size(question.packet), 512);
  if (!is_udp || reply.bytes.size() <= limit) return reply;
  Found empty;
  empty.rcode = code;
  empty.authoritative = zone.data.authoritative;
  reply.bytes = write_reply(world, zone, rule, question, std::move(empty), true);
  return reply;
}

}  // namespace

DnsReply reply_to(World& world, const Listener& listener, const std::string& data, const DnsQuery& query,
                  nlohmann::json facts) {
  facts["transport"] = query.transport;
  const Packet packet = parse(query.wire);
  if (!packet) {
    facts["answer"] = "not_dns";
    world.note(listener, "dns", std::move(facts));
    return {};
  }
  DnsZone& zone = world.zones.at(data);
  const ldns_rr* rr = ldns_rr_list_rr(ldns_pkt_question(packet.get()), 0);
  Question question{packet.get(), rr, absolute(text_of(ldns_rr_owner(rr))), ldns_rr_get_type(rr), "", query.transport};
  question.type_name = type_text(question.type);
  const auto chosen = choose(zone, question, world, query.client);
  const DnsRule& rule = chosen ? zone.data.rules[*chosen] : kPlain;
  static const Records kNone;
  facts["name"] = question.name;
  facts["type"] = question.type_name;
  facts["cd"] = ldns_pkt_cd(packet.get());
  facts["do_bit"] = ldns_pkt_edns_do(packet.get());
  facts["answer"] = rule.what;
  world.note(listener, "dns", std::move(facts));
  return reply_by(world, zone, chosen ? zone.rule_records[*chosen] : kNone, rule, question);
}

}  // namespace fix502::faulty
