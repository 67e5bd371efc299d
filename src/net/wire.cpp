#include "net/wire.hpp"

#include <fmt/format.h>
#include <ldns/ldns.h>

#include <algorithm>
#include <memory>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kHeader = 12;
constexpr std::uint16_t kUdpSize = 1232;  // DNS flag day 2020: never fragmented
constexpr std::size_t kMaxRecords = 100;  // of one section
constexpr std::size_t kMaxData = 1024;
constexpr std::size_t kMaxName = 1024;  // 255 bytes, each perhaps written as \DDD
constexpr std::uint16_t kExtendedError = 15;

struct FreePacket {
  void operator()(ldns_pkt* packet) const noexcept { ldns_pkt_free(packet); }
};
using Packet = std::unique_ptr<ldns_pkt, FreePacket>;
struct FreeName {
  void operator()(ldns_rdf* name) const noexcept { ldns_rdf_deep_free(name); }
};
using Name = std::unique_ptr<ldns_rdf, FreeName>;
struct Free {
  void operator()(void* memory) const noexcept { LDNS_FREE(memory); }
};
using Text = std::unique_ptr<char, Free>;
using Bytes = std::unique_ptr<std::uint8_t, Free>;

// RFC 8914 4, in the order of the codes.
constexpr std::string_view kExtendedErrors[] = {"Other Error",
                                                "Unsupported DNSKEY Algorithm",
                                                "Unsupported DS Digest Type",
                                                "Stale Answer",
                                                "Forged Answer",
                                                "DNSSEC Indeterminate",
                                                "DNSSEC Bogus",
                                                "Signature Expired",
                                                "Signature Not Yet Valid",
                                                "DNSKEY Missing",
                                                "RRSIGs Missing",
                                                "No Zone Key Bit Set",
                                                "NSEC Missing",
                                                "Cached Error",
                                                "Not Ready",
                                                "Blocked",
                                                "Censored",
                                                "Filtered",
                                                "Prohibited",
                                                "Stale NXDOMAIN Answer",
                                                "Not Authoritative",
                                                "Not Supported",
                                                "No Reachable Authority",
                                                "Network Error",
                                                "Invalid Data"};

// RFC 1035 4.1.1, RFC 2136 2.2.
constexpr std::string_view kRcodes[] = {"NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
                                        "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE"};

/// The types whose data we can show; those of the others are given in RFC 3597's way.
constexpr ldns_rr_type kShownTypes[] = {LDNS_RR_TYPE_A,    LDNS_RR_TYPE_AAAA,  LDNS_RR_TYPE_CNAME,  LDNS_RR_TYPE_DNAME,
                                        LDNS_RR_TYPE_NS,   LDNS_RR_TYPE_SOA,   LDNS_RR_TYPE_PTR,    LDNS_RR_TYPE_MX,
                                        LDNS_RR_TYPE_TXT,  LDNS_RR_TYPE_DS,    LDNS_RR_TYPE_DNSKEY, LDNS_RR_TYPE_RRSIG,
                                        LDNS_RR_TYPE_NSEC, LDNS_RR_TYPE_NSEC3, LDNS_RR_TYPE_SRV,    LDNS_RR_TYPE_HTTPS,
                                        LDNS_RR_TYPE_SVCB, LDNS_RR_TYPE_CAA};

unsigned byte(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}
unsigned word(std::string_view bytes, std::size_t at) {
  return byte(bytes, at) << 8 | byte(bytes, at + 1);
}

std::string type_text(ldns_rr_type type) {
  const Text text(ldns_rr_type2str(type));
  return text ? printable(text.get(), 20) : std::string();
}

std::string name_text(const ldns_rdf* name) {
  const Text text(name ? ldns_rdf2str(name) : nullptr);
  if (!text) return {};
  std::string result = lower(printable(text.get(), kMaxName));
  if (result.size() > 1 && result.ends_with('.')) result.pop_back();
  return result;
}

std::string raw_data(const ldns_rr& record) {
  std::string bytes;
  for (std::size_t i = 0; i < ldns_rr_rd_count(&record); ++i) {
    const ldns_rdf* part = ldns_rr_rdf(&record, i);
    bytes.append(reinterpret_cast<const char*>(ldns_rdf_data(part)), ldns_rdf_size(part));
  }
  std::string text = fmt::format("\\# {} ", bytes.size());
  for (const char c : bytes.substr(0, kMaxData / 2)) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

std::string data_text(const ldns_rr& record) {
  const auto type = ldns_rr_get_type(&record);
  if (std::ranges::find(kShownTypes, type) == std::end(kShownTypes)) return raw_data(record);
  std::string text;
  for (std::size_t i = 0; i < ldns_rr_rd_count(&record) && text.size() < kMaxData; ++i) {
    const ldns_rdf* part = ldns_rr_rdf(&record, i);
    if (i > 0) text += ' ';
    if (ldns_rdf_get_type(part) == LDNS_RDF_TYPE_DNAME && ldns_rr_rd_count(&record) == 1) return name_text(part);
    const Text shown(ldns_rdf2str(part));
    if (shown) text += printable(shown.get(), kMaxData);
  }
  return text.substr(0, kMaxData);
}

/// Those of the question's class.
std::vector<DnsRecord> records_of(const ldns_rr_list* list, ldns_rr_class of_class) {
  std::vector<DnsRecord> records;
  if (!list) return records;
  const std::size_t count = std::min(ldns_rr_list_rr_count(list), kMaxRecords);
  for (std::size_t i = 0; i < count; ++i) {
    const ldns_rr* record = ldns_rr_list_rr(list, i);
    if (ldns_rr_get_class(record) != of_class) continue;
    records.push_back({name_text(ldns_rr_owner(record)), type_text(ldns_rr_get_type(record)),
                       static_cast<std::uint32_t>(ldns_rr_ttl(record)), data_text(*record)});
  }
  return records;
}

/// RFC 8914 2: a code of two bytes, then text. "9 DNSKEY Missing: no DNSKEY matches the DS"
std::string extended_error(std::string_view option) {
  const unsigned code = word(option, 0);
  std::string text = std::to_string(code);
  if (code < std::size(kExtendedErrors)) text.append(" ").append(kExtendedErrors[code]);
  const std::string words = printable(trim(option.substr(2)), 200);
  return words.empty() ? text : text + ": " + words;
}

/// The extended errors among the EDNS options (RFC 6891 6.1.2): code, length, data.
std::string extended_errors(const ldns_rdf* data) {
  if (!data) return {};
  std::string_view rest(reinterpret_cast<const char*>(ldns_rdf_data(data)), ldns_rdf_size(data));
  std::string text;
  while (rest.size() >= 4) {
    const unsigned code = word(rest, 0);
    const std::size_t length = word(rest, 2);
    rest.remove_prefix(4);
    if (length > rest.size()) break;
    if (code == kExtendedError && length >= 2 && text.size() < kMaxData)
      text += (text.empty() ? "" : "; ") + extended_error(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  return text;
}

std::string rcode_text(const ldns_pkt& packet) {
  const unsigned extended = ldns_pkt_edns(&packet) ? ldns_pkt_edns_extended_rcode(&packet) : 0U;
  const unsigned code = static_cast<unsigned>(ldns_pkt_get_rcode(&packet)) | extended << 4;
  if (code == 16) return "BADVERS";
  return code < std::size(kRcodes) ? std::string(kRcodes[code]) : fmt::format("RCODE{}", code);
}

Result<Packet> query_packet(const DnsQuery& query) {
  // An absolute name; the root is "." or nothing.
  const std::string absolute = query.name.ends_with('.') ? query.name : query.name + ".";
  Name name(query.name.contains('\0') ? nullptr : ldns_dname_new_frm_str(absolute.c_str()));
  if (!name) return fail("not a name that DNS could be asked for", printable(query.name, 100));
  const ldns_rr_type type = query.type == "HTTPS" ? LDNS_RR_TYPE_HTTPS : ldns_get_rr_type_by_name(query.type.c_str());
  if (type == 0) return fail("not a type of record", printable(query.type, 20));
  const std::uint16_t flags =
      static_cast<std::uint16_t>((query.recursion_desired ? LDNS_RD : 0) | (query.checking_disabled ? LDNS_CD : 0));
  Packet packet(ldns_pkt_query_new(name.get(), type, LDNS_RR_CLASS_IN, flags));
  if (!packet) return fail("the question could not be written", printable(query.name, 100));
  [[maybe_unused]] const ldns_rdf* taken = name.release();  // the packet owns it now
  return packet;
}

/// The end of the one question that begins at byte 12; 0 where there is no whole one.
std::size_t question_end(std::string_view message) {
  std::size_t at = kHeader;
  while (at < message.size() && byte(message, at) != 0) {
    if (byte(message, at) > 63) return 0;  // the first name of a message has nothing to point back to
    at += byte(message, at) + 1;
  }
  return at + 5 <= message.size() ? at + 5 : 0;
}

}  // namespace

Result<std::string> build_query(const DnsQuery& query, std::uint16_t id, bool edns) {
  auto packet = query_packet(query);
  if (!packet) return std::unexpected(packet.error());
  ldns_pkt_set_id(packet->get(), id);
  if (edns) ldns_pkt_set_edns_udp_size(packet->get(), kUdpSize);
  if (edns && query.dnssec_ok) ldns_pkt_set_edns_do(packet->get(), true);
  std::uint8_t* raw = nullptr;
  std::size_t size = 0;
  if (ldns_pkt2wire(&raw, packet->get(), &size) != LDNS_STATUS_OK)
    return fail("the question could not be written", printable(query.name, 100));
  const Bytes owned(raw);
  return std::string(reinterpret_cast<const char*>(raw), size);
}

bool is_reply_to(std::string_view reply, std::string_view sent) noexcept {
  if (reply.size() < kHeader || sent.size() < kHeader) return false;
  const bool is_response = (byte(reply, 2) & 0x80) != 0;
  const bool same_opcode = ((byte(reply, 2) ^ byte(sent, 2)) & 0x78) == 0;
  if (!is_response || !same_opcode || word(reply, 0) != word(sent, 0)) return false;
  // A server that cannot read a question answers with its header alone (RFC 1035 4.1.1, FORMERR and the like).
  if (word(reply, 4) == 0) return (byte(reply, 3) & 0x0F) != 0;
  const std::size_t end = question_end(sent);
  if (word(reply, 4) != 1 || end == 0 || reply.size() < end) return false;
  // Lengths of labels are below 'A', so that ignoring the case touches letters only; type and class are compared as
  // such.
  return equals_ignoring_case(reply.substr(kHeader, end - 4 - kHeader), sent.substr(kHeader, end - 4 - kHeader)) &&
         reply.substr(end - 4, 4) == sent.substr(end - 4, 4);
}

bool is_truncated(std::string_view reply) noexcept {
  return reply.size() >= kHeader && (byte(reply, 2) & 0x02) != 0;
}

Result<DnsExchange> read_answer(std::string_view reply, const DnsExchange& asked) {
  if (reply.size() < kHeader || reply.size() > 65'535) return fail("not a DNS message");
  ldns_pkt* raw = nullptr;
  const auto status = ldns_wire2pkt(&raw, reinterpret_cast<const std::uint8_t*>(reply.data()), reply.size());
  const Packet packet(status == LDNS_STATUS_OK ? raw : nullptr);
  if (!packet) return fail("not a DNS message", ldns_get_errorstr_by_id(status));
  if (!ldns_pkt_qr(packet.get())) return fail("a question, not an answer");
  DnsExchange exchange = asked;
  exchange.rcode = rcode_text(*packet);
  exchange.extended_error = extended_errors(ldns_pkt_edns_data(packet.get()));
  exchange.authoritative = ldns_pkt_aa(packet.get());
  exchange.authenticated = ldns_pkt_ad(packet.get());
  exchange.recursion_available = ldns_pkt_ra(packet.get());
  // CH is what servers say of themselves (RFC 4892 3); everything else is about the internet.
  const ldns_rr* question = ldns_rr_list_rr(ldns_pkt_question(packet.get()), 0);
  const bool chaos = question != nullptr && ldns_rr_get_class(question) == LDNS_RR_CLASS_CH;
  const auto of_class = chaos ? LDNS_RR_CLASS_CH : LDNS_RR_CLASS_IN;
  exchange.answer = records_of(ldns_pkt_answer(packet.get()), of_class);
  exchange.authority = records_of(ldns_pkt_authority(packet.get()), of_class);
  exchange.additional = records_of(ldns_pkt_additional(packet.get()), of_class);
  return exchange;
}

}  // namespace fix502
