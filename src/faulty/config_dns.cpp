#include <algorithm>

#include "faulty/reader.hpp"

namespace fix502::faulty {
namespace {

constexpr std::string_view kDnsActions[] = {
    "answer", "nxdomain", "nodata",    "servfail", "refused",        "notimp",  "formerr", "silent",
    "close",  "reset",    "truncated", "wrong_id", "wrong_question", "garbage", "forge",   "servfail_unless_cd"};
constexpr std::string_view kUnknown[] = {"nxdomain", "servfail", "refused", "silent"};

void read_rule(Reader& reader, DnsRule& into) {
  reader.read("name", into.name);
  reader.read("type", into.type);
  reader.read("transport", into.transport);
  read_selection(reader, into.selection);
  reader.read("delay_ms", into.delay);
  reader.read("do", into.what);
  if (std::ranges::find(kDnsActions, into.what) == std::end(kDnsActions))
    reader.wrong("unknown word \"" + into.what + "\"", "do");
  reader.read("records", into.records);
  reader.read("addresses", into.addresses);
  reader.read("ttl", into.ttl);
  reader.bytes("bytes", into.bytes);
  reader.read("aa", into.aa);
  reader.read("ra", into.ra);
  reader.read("ad", into.ad);
  reader.read("ede", into.ede);
  reader.read("ede_text", into.ede_text);
}

}  // namespace

void read_dns_data(Reader& reader, DnsData& into) {
  static constexpr std::pair<std::string_view, bool> kModes[] = {{"authoritative", true}, {"resolver", false}};
  reader.word<bool>("mode", into.authoritative, kModes);
  reader.read("zones", into.zones);
  reader.read("records", into.records);
  reader.objects("rules", [&](Reader& rule) { read_rule(rule, into.rules.emplace_back()); });
  reader.read("unknown", into.unknown);
  if (std::ranges::find(kUnknown, into.unknown) == std::end(kUnknown))
    reader.wrong("unknown word \"" + into.unknown + "\"", "unknown");
  reader.read("cached_since_s", into.cached_since);
  reader.read("aa", into.aa);
  reader.read("ra", into.ra);
  reader.read("ad", into.ad);
  reader.read("delay_ms", into.delay);
}

}  // namespace fix502::faulty
