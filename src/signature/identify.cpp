// Who made an answer. From the surest sign to the weakest: what an intermediary says of itself in Proxy-Status, a page
// that only one product writes, marks of the application, and last the name in Server, which is often only that of the
// outermost hop.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "signature/code.hpp"
#include "signature/rule.hpp"
#include "signature/signature.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxName = 64;

/// All field lines of that name as one (RFC 9110 5.3).
std::string joined(const HttpExchange& exchange, std::string_view name) {
  std::string value;
  for (const auto& field : exchange.headers) {
    if (field.name != name) continue;
    if (!value.empty()) value += ", ";
    value += field.value;
  }
  return value;
}

const Rule* maker_of_error(const Answer& answer) {
  for (const auto table : {tables::cdn_errors(), tables::platform_errors(), tables::gateway_errors()})
    if (const Rule* rule = first_holding(table, answer)) return rule;
  return nullptr;
}

template <typename Rows, typename Holds>
const Saying* first_saying(const Rows& rows, Holds holds_here) {
  const auto found = std::ranges::find_if(rows, holds_here);
  return found == rows.end() ? nullptr : &found->saying;
}

/// The narrowest that the answer says: its words, then its code, then what its page says as such.
Saying saying_of(const Rule& rule, const Answer& answer, std::string_view code) {
  const auto word_holds = [&](const Word& word) { return word.product == rule.product && holds(word.mark, answer); };
  if (const auto* said = first_saying(tables::cdn_words(), word_holds)) return *said;
  if (const auto* said = first_saying(tables::gateway_words(), word_holds)) return *said;
  const auto code_holds = [&](const Code& row) { return row.product == rule.product && row.code == code; };
  if (const auto* said = first_saying(tables::codes(), code_holds)) return *said;
  return rule.saying;
}

/// Below 500 nothing is said about an origin that failed: a 404 of an ingress without a route is no bad gateway.
std::string_view fault_of(std::string_view cause, ResponderKind kind, int status) {
  const std::string_view fault = fault_of_cause(cause, kind);
  return status < 500 && fault.starts_with("origin.") ? "" : fault;
}

/// A CDN's own 502 is about the origin behind it, so product.md has a fault of its own for it.
std::string_view fault_of_cdn_status(int status) {
  if (status == 502) return "cdn.origin-bad-response";
  return status == 504 ? "origin.timeout" : "";
}

Signature made_by(const Rule& rule, const Answer& answer) {
  Signature signature;
  signature.product = rule.product;
  signature.kind = rule.kind;
  signature.self_made = true;
  signature.code = code_of(rule.product, answer);
  const Saying said = saying_of(rule, answer, signature.code);
  signature.cause = said.cause;
  signature.fault = said.fault.empty() ? fault_of(said.cause, rule.kind, answer.status) : said.fault;
  if (signature.fault.empty() && said.cause.empty() && rule.kind == ResponderKind::cdn)
    signature.fault = fault_of_cdn_status(answer.status);
  return signature;
}

Signature passed_on_by(const Rule& rule) {
  Signature signature;
  signature.product = rule.product;
  signature.kind = rule.kind;
  return signature;
}

/// RFC 9209 2: the first member is nearest to the origin, so its error is the one that the others only hand on.
std::optional<Signature> from_proxy_status(const Answer& answer) {
  const auto members = parse_proxy_status(joined(answer.exchange, "proxy-status"));
  const auto failed = std::ranges::find_if(members, [](const auto& member) { return !member.error.empty(); });
  if (failed == members.end() || answer.status < 400) return {};
  Signature signature;
  if (const Rule* rule = maker_of_error(answer)) {
    signature = made_by(*rule, answer);
  } else {
    const Rule* cdn = first_holding(tables::cdn_marks(), answer);
    const bool named_cdn = cdn != nullptr && contains_ignoring_case(failed->proxy, cdn->product);
    signature.product = named_cdn ? std::string(cdn->product) : lower(printable(failed->proxy, kMaxName));
    signature.kind = named_cdn ? ResponderKind::cdn : ResponderKind::gateway;
  }
  signature.self_made = true;
  signature.cause = printable(failed->error, kMaxName);
  signature.fault = fault_of(signature.cause, signature.kind, answer.status);
  return signature;
}

}  // namespace

Signature identify(const HttpExchange& exchange) {
  const Answer answer(exchange);
  if (answer.status == 0) return {};
  if (auto told = from_proxy_status(answer)) return *std::move(told);
  if (const Rule* rule = first_holding(tables::portals(), answer)) {
    Signature signature = passed_on_by(*rule);
    signature.self_made = true;
    return signature;
  }
  if (const Rule* rule = maker_of_error(answer)) return made_by(*rule, answer);
  if (const Rule* rule = first_holding(tables::applications(), answer)) return made_by(*rule, answer);
  if (const Rule* rule = first_holding(tables::servers(), answer)) return passed_on_by(*rule);
  if (const Rule* rule = first_holding(tables::cdn_marks(), answer)) return passed_on_by(*rule);
  return {};
}

}  // namespace fix502
