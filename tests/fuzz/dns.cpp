// A DNS server's answer: any bytes, to a question that we asked.
#include "fuzz.hpp"
#include "net/wire.hpp"
#include "observation/observation.hpp"

namespace {
constexpr std::size_t kMostRecords = 100;
}

FUZZ(reply) {
  using namespace fix502;
  DnsQuery query;
  query.name = "shop.example";
  const auto sent = build_query(query, 0x1234, true);
  fuzz::promise(sent.has_value());
  static_cast<void>(is_reply_to(reply, *sent));
  static_cast<void>(is_truncated(reply));

  DnsExchange asked;
  asked.name = query.name;
  const auto seen = read_answer(reply, asked);
  if (!seen) return;
  fuzz::promise(seen->answer.size() <= kMostRecords && seen->authority.size() <= kMostRecords);
  static_cast<void>(seen->addresses());
  static_cast<void>(seen->chain());
  Observation observation;
  observation.id = "o1";
  observation.data = *seen;
  fuzz::promise(!outcome(observation).empty());
  // What was made of hostile bytes must be text that a recorded run can hold: dump() throws on anything else.
  Observation again;
  fuzz::promise(from_json(Json::parse(to_json(observation).dump()), again).has_value() && again == observation);
}
