#include <gtest/gtest.h>

#include "faulty/dns_reply.hpp"

namespace fix502::faulty {
namespace {

const std::vector<std::string> kRecords = {
    "example. 300 IN SOA ns.example. host.example. 1 2 3 4 5",
    "shop.example. 300 IN SOA ns.shop.example. host.shop.example. 1 2 3 4 5",
    "shop.example. 300 IN A 203.0.113.10",
    "www.shop.example. 300 IN CNAME shop.example.",
    "lost.shop.example. 300 IN CNAME nowhere.shop.example.",
    "a.shop.example. 60 IN CNAME b.shop.example.",
    "b.shop.example. 60 IN CNAME a.shop.example.",
    "*.w.shop.example. 60 IN A 203.0.113.11",
    "deep.er.shop.example. 60 IN A 203.0.113.12",
    "sub.shop.example. 300 IN NS ns.sub.shop.example.",
    "ns.sub.shop.example. 300 IN A 203.0.113.53",
};

struct LookUpCase {
  const char* name;
  ldns_rr_type type;
  bool authoritative;
  int rcode;
  bool aa;
  std::size_t answers, authority, additional;
};

const LookUpCase kLookUps[] = {
    {"shop.example.", LDNS_RR_TYPE_A, true, 0, true, 1, 0, 0},
    {"shop.example.", LDNS_RR_TYPE_AAAA, true, 0, true, 0, 1, 0},
    {"nope.shop.example.", LDNS_RR_TYPE_A, true, 3, true, 0, 1, 0},
    {"er.shop.example.", LDNS_RR_TYPE_A, true, 0, true, 0, 1, 0},  // an empty non-terminal exists
    {"www.shop.example.", LDNS_RR_TYPE_A, true, 0, true, 2, 0, 0},
    {"lost.shop.example.", LDNS_RR_TYPE_A, true, 3, true, 1, 1, 0},
    {"a.shop.example.", LDNS_RR_TYPE_A, true, 0, true, 2, 0, 0},
    {"a.shop.example.", LDNS_RR_TYPE_A, false, 2, false, 0, 0, 0},
    {"x.y.w.shop.example.", LDNS_RR_TYPE_A, true, 0, true, 1, 0, 0},
    {"x.sub.shop.example.", LDNS_RR_TYPE_A, true, 0, false, 0, 1, 1},
    {"x.sub.shop.example.", LDNS_RR_TYPE_A, false, 3, false, 0, 1, 0},
    {"other.test.", LDNS_RR_TYPE_A, true, 5, false, 0, 0, 0},
    {"other.test.", LDNS_RR_TYPE_A, false, 3, false, 0, 0, 0},
};

TEST(Dns, LooksUpAsServersDo) {
  const auto records = parse_records(kRecords);
  ASSERT_TRUE(records) << records.error().message();
  for (const LookUpCase& one : kLookUps) {
    SCOPED_TRACE(std::string(one.name) + (one.authoritative ? " authoritative" : " resolver"));
    DnsData data;
    data.authoritative = one.authoritative;
    data.zones = {"shop.example"};
    const Found found = look_up(data, *records, one.name, one.type);
    EXPECT_EQ(found.rcode, one.rcode);
    EXPECT_EQ(found.authoritative, one.aa);
    EXPECT_EQ(found.answer.size(), one.answers);
    EXPECT_EQ(found.authority.size(), one.authority);
    EXPECT_EQ(found.additional.size(), one.additional);
  }
}

struct RuleCase {
  const char* rule;
  const char* transport;
  bool cd;
  const char* expect;  // rcode, "tc" if truncated, addresses; "nothing"; "ending"; "id" if it is another one
};

const RuleCase kRules[] = {
    {R"({"do":"answer"})", "udp", false, "0 203.0.113.10/280"},
    {R"({"do":"answer","ttl":40})", "udp", false, "0 203.0.113.10/20"},
    {R"({"do":"nxdomain"})", "udp", false, "3"},
    {R"({"do":"nodata"})", "udp", false, "0"},
    {R"({"do":"servfail"})", "udp", false, "2"},
    {R"({"do":"refused"})", "udp", false, "5"},
    {R"({"do":"silent"})", "udp", false, "ending"},
    {R"({"do":"truncated"})", "udp", false, "0 tc"},
    {R"({"do":"truncated"})", "tcp", false, "0 203.0.113.10/280"},
    {R"({"do":"wrong_id"})", "udp", false, "0 id 203.0.113.10/280"},
    {R"({"do":"garbage"})", "udp", false, "nothing"},
    {R"({"do":"forge","addresses":["198.51.100.1"]})", "udp", false, "0 198.51.100.1/40"},
    {R"({"do":"servfail_unless_cd"})", "udp", false, "2"},
    {R"({"do":"servfail_unless_cd"})", "udp", true, "0 203.0.113.10/280"},
    {R"({"name":"*.example","do":"servfail"})", "udp", false, "2"},
    {R"({"name":"other.example","do":"servfail"})", "udp", false, "0 203.0.113.10/280"},
    {R"({"type":"AAAA","do":"servfail"})", "udp", false, "0 203.0.113.10/280"},
    {R"({"transport":"tcp","do":"servfail"})", "udp", false, "0 203.0.113.10/280"},
};

std::string question(bool cd) {
  const std::string flags = {'\x01', static_cast<char>(cd ? 0x10 : 0)};
  return "\x12\x34" + flags + std::string("\0\1\0\0\0\0\0\0\4shop\7example\0\0\1\0\1", 26);
}

std::string described(const DnsReply& reply) {
  if (reply.ending) return "ending";
  ldns_pkt* packet = nullptr;
  const auto* data = reinterpret_cast<const uint8_t*>(reply.bytes.data());
  if (ldns_wire2pkt(&packet, data, reply.bytes.size()) != LDNS_STATUS_OK) return "nothing";
  std::string text = std::to_string(ldns_pkt_get_rcode(packet));
  if (ldns_pkt_tc(packet)) text += " tc";
  if (ldns_pkt_id(packet) != 0x1234) text += " id";
  const ldns_rr_list* answers = ldns_pkt_answer(packet);
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(answers); ++i) {
    const ldns_rr* rr = ldns_rr_list_rr(answers, i);
    text += " " + text_of(ldns_rr_rdf(rr, 0)) + "/" + std::to_string(ldns_rr_ttl(rr));
  }
  ldns_pkt_free(packet);
  return text;
}

TEST(Dns, BendsAnswersByRule) {
  for (const RuleCase& one : kRules) {
    SCOPED_TRACE(one.rule);
    const nlohmann::json data = {{"mode", "resolver"},
                                 {"cached_since_s", 20},
                                 {"records", kRecords},
                                 {"rules", {nlohmann::json::parse(one.rule)}}};
    const nlohmann::json listener = {{"protocol", "dns"}, {"address", "127.0.0.1"}, {"data", data}};
    const auto config = parse_config({{"listeners", nlohmann::json::array({listener})}});
    ASSERT_TRUE(config) << config.error().message();
    World world{asio::any_io_executor()};
    const std::string name = config->data.begin()->first;
    auto zone = make_zone(config->data.begin()->second);
    ASSERT_TRUE(zone) << zone.error().message();
    world.zones.emplace(name, std::move(*zone));
    const DnsQuery query{question(one.cd), one.transport, asio::ip::make_address("127.0.0.1")};
    EXPECT_EQ(described(reply_to(world, config->listeners.front(), name, query, {})), one.expect);
  }
}

TEST(Dns, NoAnswerToWhatIsNoQuestion) {
  World world{asio::any_io_executor()};
  const Listener listener;
  for (const std::string wire : {"", "x", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"}) {
    const DnsQuery query{wire, "udp", {}};
    EXPECT_EQ(reply_to(world, listener, "", query, {}).bytes, "");
  }
}

}  // namespace
}  // namespace fix502::faulty
